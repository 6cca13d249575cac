//! Objects of every kind, what can be seen and what cannot.

use super::super::{fixtures::*, *};

fn texts(document: &Document) -> Vec<&str> {
    document.lines.iter().map(|l| l.text.as_str()).collect()
}

/// A file of one page with these objects, and these resources of the document.
fn file(objects: &str, resources: &str) -> Vec<u8> {
    let page =
        format!("<ofd:Page xmlns:ofd='o'><ofd:Content><ofd:Layer>{objects}</ofd:Layer></ofd:Content></ofd:Page>");
    let resources =
        format!("<ofd:Res xmlns:ofd='o'><ofd:CompositeGraphicUnits>{resources}</ofd:CompositeGraphicUnits></ofd:Res>");
    zip(&[
        ("OFD.xml", b"<OFD><DocRoot>Doc_0/Document.xml</DocRoot></OFD>"),
        ("Doc_0/Document.xml", b"<Document><CommonData><DocumentRes>Res.xml</DocumentRes></CommonData><Pages><Page BaseLoc='P.xml'/></Pages></Document>"),
        ("Doc_0/P.xml", page.as_bytes()),
        ("Doc_0/Res.xml", resources.as_bytes()),
    ])
}

fn unit(id: u32, content: &str) -> String {
    format!(
        r#"<ofd:CompositeGraphicUnit ID="{id}" Width="200" Height="10"><ofd:Content>{content}</ofd:Content></ofd:CompositeGraphicUnit>"#
    )
}

fn composite(id: u32, y: f64, more: &str) -> String {
    format!(r#"<ofd:CompositeObject Boundary="20 {y} 180 10" ResourceID="{id}" {more}/>"#)
}

#[test]
fn units_are_read_where_they_are_set() {
    let resources =
        unit(1, &ofd_row(0.0, 0.0, "关于甲的通知")) + &unit(2, &(composite(1, 0.0, "") + &ofd_row(0.0, 20.0, "乙")));
    let objects = composite(2, 30.0, "") + &composite(1, 10.0, "CTM=\"1 0 0 1 5 0\"") + &composite(9, 90.0, "");
    assert_eq!(texts(&read(&file(&objects, &resources), "甲.ofd").unwrap()), ["关于甲的通知", "关于甲的通知", "乙"]);
}

#[test]
fn units_within_units_end() {
    let twice = |id: u32| composite(id, 0.0, "").repeat(40);
    let resources = unit(1, &twice(1)) + &unit(2, &ofd_row(0.0, 0.0, "甲"));
    let bomb = read(&file(&composite(1, 0.0, ""), &resources), "甲.ofd");
    assert!(matches!(bomb, Err(DocumentError::TooLarge(_))));
}

#[test]
fn what_is_not_seen_is_left_out_and_told() {
    let object = |more: &str, inside: &str, text: &str| {
        format!(
            r#"<ofd:TextObject Boundary="20 50 150 6" Size="5" {more}>{inside}<ofd:TextCode X="0" Y="4" DeltaX="g 9 5">{text}</ofd:TextCode></ofd:TextObject>"#
        )
    };
    let hidden = object(r#"Visible="false""#, "", "乙府发〔1999〕1号")
        + &object(r#"Alpha="0""#, "", "水印")
        + &object("", r#"<ofd:FillColor Value="0 0 0" Alpha="0"/>"#, "透明")
        + &object(r#"Fill="false""#, "", "无色")
        + &composite(1, 70.0, r#"Visible="false""#);
    let resources = unit(1, &ofd_row(0.0, 0.0, "单元"));
    let document = read(&file(&(ofd_row(20.0, 20.0, "关于甲的通知") + &hidden), &resources), "甲.ofd").unwrap();
    assert_eq!(texts(&document), ["关于甲的通知"]);
    assert!(
        document.warnings[0].contains("乙府发") && document.warnings[0].contains("19 字"),
        "{:?}",
        document.warnings
    );
    // White on paper and smaller than a point it is not, white on a shape or a picture it is.
    let white = r#"<ofd:FillColor Value="255 255 255"/>"#;
    let small = r#"<ofd:TextObject Boundary="20 80 9 1" Size="0.3"><ofd:TextCode X="0" Y="1">极小</ofd:TextCode></ofd:TextObject>"#;
    let red = r#"<ofd:FillColor Value="200 0 0"/>"#;
    let shape = |inside: &str, fill: &str| {
        format!(
            r#"<ofd:PathObject Boundary="10 45 180 20" Fill="{fill}">{inside}<ofd:AbbreviatedData>M 0 0</ofd:AbbreviatedData></ofd:PathObject>"#
        )
    };
    let on_paper = ofd_row(20.0, 20.0, "甲") + &object("", white, "白字") + small;
    let document = read(&file(&on_paper, ""), "甲.ofd").unwrap();
    assert_eq!(texts(&document), ["甲"]);
    assert!(document.warnings[0].contains("4 字"), "{:?}", document.warnings);
    let picture = r#"<ofd:ImageObject Boundary="10 45 180 20" ResourceID="9"/>"#;
    for (ground, seen) in [
        (shape(red, "true"), true),
        (picture.to_owned(), true),
        (shape(white, "true"), false),
        (shape(red, "false"), false),
    ] {
        let document = read(&file(&(ground.clone() + &on_paper), ""), "甲.ofd").unwrap();
        assert_eq!(texts(&document).contains(&"白字"), seen, "{ground}");
    }
    // Drawn around, it is seen.
    let drawn = object(r#"Fill="false" Stroke="true""#, "", "空心");
    assert_eq!(texts(&read(&file(&drawn, ""), "甲.ofd").unwrap()), ["空心"]);
    // Behind the picture of a scanned page there is nothing else.
    let scanned = read(&file(&object(r#"Visible="false""#, "", "识别"), ""), "甲.ofd").unwrap();
    assert_eq!(texts(&scanned), ["识别"]);
    assert!(scanned.warnings[0].contains("核对"), "{:?}", scanned.warnings);
}

#[test]
fn number_lines_and_items_are_paragraphs_without_indents() {
    let rows = ["甲市人民政府办公室关于印发甲办法的通知", "甲府办发〔2024〕7号", "各县（区）人民政府："];
    assert_eq!(texts(&read(&ofd(&[&rows.join("\n")]), "甲.ofd").unwrap()), rows);
}
