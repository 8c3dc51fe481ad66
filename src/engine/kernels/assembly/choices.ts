// Compile-time choices: a function with type parameters is compiled once for each, so that a loop holds
// only what it needs. `if (isInteger<T>())` is decided by the compiler.

export type Yes = i32;
export type No = f32;
