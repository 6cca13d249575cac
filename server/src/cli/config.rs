//! `guansou config`

use anyhow::Result;

use crate::config::Loaded;

pub fn run(loaded: &Loaded) -> Result<()> {
    print!("{}", loaded.print()?);
    Ok(())
}
