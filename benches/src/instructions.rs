//! Runs every operation once under callgrind, with nothing counted but the operation itself.
//!
//! usage: instructions make DATA_DIR     builds the index, outside callgrind
//!        instructions run DATA_DIR      runs the operations in their order
//!        instructions list              names them
//!
//! [`counted`] is what callgrind is told to count: it dumps and begins anew whenever that function returns. See
//! scripts/instructions.py.

use std::{hint::black_box, path::Path};

use anyhow::Result;
use benches::{
    fixture::{Fixture, make},
    operations::{ALL, Operation},
};

/// Times an operation is run: hash maps have random seeds, and one run is a matter of luck.
const TIMES: usize = 5;

fn main() -> Result<()> {
    let tables = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixture");
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["make", data] => make(&tables, Path::new(data)),
        ["run", data] => {
            let fixture = Fixture::open(&tables, Path::new(data))?;
            for operation in &ALL {
                // What is made at the first use alone is made here.
                black_box((operation.run)(&fixture));
                counted(operation, &fixture);
            }
            Ok(())
        }
        ["list"] => {
            ALL.iter().for_each(|operation| println!("{}", operation.name));
            Ok(())
        }
        _ => anyhow::bail!("usage: instructions make|run DATA_DIR | instructions list"),
    }
}

#[inline(never)]
fn counted(operation: &Operation, fixture: &Fixture) {
    for _ in 0..TIMES {
        black_box((operation.run)(fixture));
    }
}
