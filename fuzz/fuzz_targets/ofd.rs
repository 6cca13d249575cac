//! 版式文件: any bytes as a page, and as the list of pages.
#![no_main]

use fuzz::{package, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    read(bytes, "a.ofd");
    let entry = b"<ofd:OFD><ofd:DocRoot>D.xml</ofd:DocRoot></ofd:OFD>";
    let list = b"<ofd:Document><ofd:TemplatePage ID='1' BaseLoc='P.xml'/><ofd:Page BaseLoc='P.xml'/></ofd:Document>";
    read(&package(&[("OFD.xml", entry), ("D.xml", list), ("P.xml", bytes)]), "a.ofd");
    read(&package(&[("OFD.xml", entry), ("D.xml", bytes), ("P.xml", b"<Page/>")]), "a.ofd");
});
