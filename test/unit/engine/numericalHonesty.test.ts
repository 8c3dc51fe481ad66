import { describeNumericalHonesty } from './numericalHonesty';

describeNumericalHonesty();
