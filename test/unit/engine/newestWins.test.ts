import { describeNewestWins } from './newestWins';

describeNewestWins();
