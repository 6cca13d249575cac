//! Ways to reach an institution, as they may be published: the phone of an office and never of a person, an address
//! that says where, the numbers under which a site is on record. Each is read as people write it and kept in one form.

use unicode_normalization::UnicodeNormalization;

/// Digits of a telephone number without its extension: 110, 12345, and an area code with eight digits behind +86.
const DIGITS: std::ops::RangeInclusive<usize> = 3..=12;

/// A number of an office: 12345, 0851-28222222, 400-810-8866, 0851-28222222 转 801.
pub fn phone(text: &str) -> Result<String, String> {
    if has_mobile(text) {
        return Err("不能写手机号码，只写办公或热线电话".to_owned());
    }
    let wrong = || format!("“{text}”不是电话号码：每行一个，写明区号，如 0851-12345678、12345");
    let plain = plain(text);
    let plain = plain.strip_prefix("+86").or_else(|| plain.strip_prefix("0086")).map_or_else(
        || plain.clone(),
        |rest| {
            let rest = rest.trim_start_matches('-');
            let whole = ["0", "400", "800"].iter().any(|lead| rest.starts_with(lead)) || rest.len() < 9;
            if whole { rest.to_owned() } else { format!("0{rest}") }
        },
    );
    let (number, extension) = match plain.split_once('转') {
        Some((number, extension)) => (number.to_owned(), Some(extension.trim_start_matches("分机").to_owned())),
        None => (plain, None),
    };
    // (0851)28222222 is 0851-28222222.
    let number = match number.strip_prefix('(').and_then(|rest| rest.split_once(')')) {
        Some((area, local)) => format!("{area}-{}", local.trim_start_matches('-')),
        None => number,
    };
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let written = number.chars().all(|c| c.is_ascii_digit() || c == '-')
        && !number.starts_with('-')
        && !number.ends_with('-')
        && !number.contains("--");
    let dialled =
        extension.as_ref().is_none_or(|e| (1..=6).contains(&e.len()) && e.bytes().all(|b| b.is_ascii_digit()));
    if !written || !dialled || !DIGITS.contains(&digits.len()) {
        return Err(wrong());
    }
    // Seven or eight digits alone reach nobody from elsewhere; area codes have three or four digits.
    match (digits.as_bytes()[0], digits.len()) {
        (b'0', 10..=12) | (b'1', 3..=6) | (b'9', 5..=6) => {}
        (b'4' | b'8', 10) if digits.starts_with("400") || digits.starts_with("800") => {}
        // The unified numbers behind an area code: 025-12393.
        (b'0', 8..=9) if ["12", "96", "95"].iter().any(|lead| local(&number).starts_with(lead)) => {}
        (_, 7 | 8) => return Err(format!("“{text}”缺少区号：请写成 0851-{digits} 这样")),
        _ => return Err(wrong()),
    }
    Ok(match extension {
        Some(extension) => format!("{number}转{extension}"),
        None => number,
    })
}

fn local(number: &str) -> &str {
    number.split_once('-').map_or("", |(_, local)| local)
}

/// Whether a text holds the number of a mobile phone, which is a person's: 138 1234 5678, +86-138-1234-5678.
pub fn has_mobile(text: &str) -> bool {
    let plain: Vec<char> = plain(text).chars().collect();
    // Runs of digits, with the hyphens inside.
    plain.split(|c| !c.is_ascii_digit() && *c != '-').any(|run| {
        std::iter::once(run).chain(run.split(|c| *c == '-')).any(|part| {
            let digits: String = part.iter().filter(|c| c.is_ascii_digit()).collect();
            let digits = digits.strip_prefix("0086").or_else(|| digits.strip_prefix("86")).unwrap_or(&digits);
            let digits = digits.strip_prefix('0').filter(|rest| rest.len() == 11).unwrap_or(digits);
            let mut bytes = digits.bytes();
            digits.len() == 11 && bytes.next() == Some(b'1') && matches!(bytes.next(), Some(b'3'..=b'9'))
        })
    })
}

/// Compatible forms by NFKC, without white space, every dash a hyphen.
fn plain(text: &str) -> String {
    let dash = |c: char| if matches!(c, '—' | '–' | '−' | '‐' | '―' | '－' | '─') { '-' } else { c };
    text.nfkc().filter(|c| !c.is_whitespace()).map(dash).collect()
}

/// A postcode: six digits, of which the first is 0 to 8.
pub fn postcode(text: &str) -> Result<String, String> {
    let code = plain(text);
    let right =
        code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit()) && !code.starts_with('9') && code != "000000";
    if right { Ok(code) } else { Err(format!("“{text}”不是邮政编码：应为 6 位数字，如 563000")) }
}

/// Endings of the names of divisions that an address begins with, and words that end like them and are none.
const DIVISIONS: [&str; 10] = ["省", "自治区", "市", "自治州", "州", "盟", "县", "区", "旗", "特区"];
const NO_DIVISIONS: [&str; 20] = [
    "小区",
    "校区",
    "园区",
    "社区",
    "厂区",
    "院区",
    "库区",
    "景区",
    "开发区",
    "超市",
    "夜市",
    "门市",
    "城市",
    "菜市",
    "本市",
    "我市",
    "本县",
    "我县",
    "本区",
    "我区",
];
/// Characters of the longest name of a division, and a few more.
const NAME: usize = 20;

/// An address that says in which division it lies, so that it is found from anywhere: 贵州省遵义市汇川区人民路 1 号.
pub fn address(text: &str) -> Result<String, String> {
    if has_mobile(text) {
        return Err("地址里不能有手机号码".to_owned());
    }
    let bare: Vec<char> = plain(text).chars().collect();
    let named = (2..=bare.len().min(NAME)).rev().find(|end| {
        let lead: String = bare[..*end].iter().collect();
        // A street comes after the divisions that it lies in.
        let street = lead.chars().any(|c| "路街道巷号楼栋".contains(c) || c.is_ascii_digit());
        !street
            && DIVISIONS.iter().any(|ending| lead.ends_with(ending))
            && NO_DIVISIONS.iter().all(|word| !lead.ends_with(word))
    });
    match named {
        None => {
            return Err(format!("“{text}”没有写明所在的区划：请从省、市或县区写起，如 贵州省遵义市汇川区某某路 1 号"));
        }
        Some(end) if bare.len() < end + 2 => return Err(format!("“{text}”只写了区划：请写到街道和门牌")),
        Some(_) => {}
    }
    Ok(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Short names of provinces, as ICP numbers begin with.
const PROVINCES: &str = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川蜀贵黔云滇藏陕秦甘陇青宁新";

/// An ICP number: 黔ICP备12345678号-1.
pub fn icp(text: &str) -> Result<String, String> {
    let number = plain(text).to_ascii_uppercase();
    let read = || {
        let mut chars = number.chars();
        let province = chars.next().filter(|c| PROVINCES.contains(*c))?;
        let rest = chars.as_str().strip_prefix("ICP")?;
        let kind = rest.chars().next().filter(|c| matches!(c, '备' | '证'))?;
        let (digits, site) = rest[kind.len_utf8()..].split_once('号')?;
        let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let site_right = site.is_empty() || site.strip_prefix('-').is_some_and(|n| all_digits(n) && n.len() <= 4);
        ((6..=12).contains(&digits.len()) && all_digits(digits) && site_right)
            .then(|| format!("{province}ICP{kind}{digits}号{site}"))
    };
    read().ok_or_else(|| format!("“{text}”不是 ICP 备案号：应形如 黔ICP备12345678号-1"))
}

/// A site's identification code 网站标识码: six digits of the division and four more; of ministries `bm` and eight
/// digits.
pub fn site_code(text: &str) -> Result<String, String> {
    let code = plain(text).to_ascii_lowercase();
    let digits = |text: &str, count: usize| text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
    let province = || code.get(..2).and_then(|p| p.parse::<u8>().ok()).is_some_and(|p| (11..=82).contains(&p));
    let right = (digits(&code, 10) && province()) || code.strip_prefix("bm").is_some_and(|rest| digits(rest, 8));
    let shape = "应为 10 位数字（前 6 位是区划代码），部委的为 bm 加 8 位数字";
    if right { Ok(code) } else { Err(format!("“{text}”不是网站标识码：{shape}")) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn office_numbers_are_read_as_they_are_written() {
        for (text, want) in [
            ("12345", "12345"),
            ("110", "110"),
            ("0851-28222222", "0851-28222222"),
            ("０８５１—２８２２２２２２", "0851-28222222"),
            ("(0851) 28222222", "0851-28222222"),
            ("（0851）28222222", "0851-28222222"),
            ("+86-851-28222222", "0851-28222222"),
            ("010-62677800", "010-62677800"),
            ("01062677800", "01062677800"),
            ("400-810-8866", "400-810-8866"),
            ("0851-28222222 转 801", "0851-28222222转801"),
            ("025-12393", "025-12393"),
            ("96110", "96110"),
        ] {
            assert_eq!(phone(text).as_deref(), Ok(want), "{text}");
        }
        for (text, part) in [
            ("13812345678", "手机号码"),
            ("138 1234 5678", "手机号码"),
            ("１３８-１２３４-５６７８", "手机号码"),
            ("+8613812345678", "手机号码"),
            ("013812345678", "手机号码"),
            ("张某 13812345678", "手机号码"),
            ("28222222", "区号"),
            ("2822222", "区号"),
            ("打电话", "不是电话号码"),
            ("0851-28222222、28222223", "每行一个"),
            ("0851-28222222/28222223", "每行一个"),
            ("1", "不是电话号码"),
            ("--", "不是电话号码"),
            ("", "不是电话号码"),
            ("0851-28222222转", "不是电话号码"),
            ("0851-282222222222", "不是电话号码"),
        ] {
            let told = phone(text).unwrap_err();
            assert!(told.contains(part), "{text}: {told}");
        }
    }

    #[test]
    fn an_address_says_where_it_lies() {
        for text in [
            "贵州省遵义市汇川区人民路1号",
            "遵义市汇川区 人民路 1 号",
            "习水县东皇街道府东路8号",
            "北京市东城区朝阳门南大街2号",
            "内蒙古自治区呼和浩特市敕勒川大街1号",
            "新疆生产建设兵团石河子市北三路1号",
        ] {
            assert!(address(text).is_ok(), "{text}: {:?}", address(text));
        }
        for text in
            ["人民路1号", "阳光小区3栋", "新华路市场街8号", "某某大厦12楼", "开发区人民路1号", "市人民路1号", "1号", ""]
        {
            assert!(address(text).unwrap_err().contains("区划"), "{text}");
        }
        for text in ["遵义市", "遵义市汇川区"] {
            assert!(address(text).unwrap_err().contains("门牌"), "{text}");
        }
        assert!(address("遵义市汇川区人民路1号 13812345678").unwrap_err().contains("手机"));
    }

    #[test]
    fn numbers_of_sites_have_one_form() {
        assert_eq!(icp("黔icp备 12345678 号－1").as_deref(), Ok("黔ICP备12345678号-1"));
        assert_eq!(icp("京ICP备05070218号").as_deref(), Ok("京ICP备05070218号"));
        for text in [
            "黔ICP备号",
            "ICP备12345678号",
            "黔ICP备12345678",
            "黔公网安备 52030002000001号",
            "黔ICP备12345678号-甲",
            "",
        ] {
            assert!(icp(text).is_err(), "{text}");
        }
        assert_eq!(site_code("BM55000001").as_deref(), Ok("bm55000001"));
        assert_eq!(site_code("３４０６００００１２").as_deref(), Ok("3406000012"));
        for text in ["340600001", "34060000123", "bm5500000", "bm550000011", "0006000012", "甲乙丙丁戊己庚辛壬癸", ""]
        {
            assert!(site_code(text).is_err(), "{text}");
        }
        assert_eq!(postcode("５６３０００").as_deref(), Ok("563000"));
        for text in ["56300", "5630000", "000000", "963000", "五六三零零零", ""] {
            assert!(postcode(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_typed_is_read_or_told_and_what_is_kept_is_read_again(text in "\\PC{0,40}|[0-9+() -]{0,20}") {
            for read in [phone, postcode, address, icp, site_code] {
                if let Ok(kept) = read(&text) {
                    let again = read(&kept);
                    prop_assert_eq!(again, Ok(kept));
                }
            }
        }

        #[test]
        fn no_mobile_number_comes_through(digits in "1[3-9][0-9]{9}", at in 0usize..12, sep in "[ -]?") {
            let text = format!("{}{sep}{}", &digits[..at.min(11)], &digits[at.min(11)..]);
            let within = format!("请拨 {text} 找值班");
            prop_assert!(phone(&text).is_err() && has_mobile(&within));
        }
    }
}
