//! Radicals in the place of characters: fonts without a proper table of characters bring ⼈⼒ where 人力 is printed.
//!
//! Folded are the Kangxi radicals (U+2F00 to U+2FD5), the CJK radicals supplement (U+2E80 to U+2EF3) and the
//! compatibility ideographs (U+F900 to U+FAD9), which all look like an ordinary character and are found as none.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

/// Radicals of the supplement and the characters that they look like (Unicode, EquivalentUnifiedIdeograph.txt). Shapes
/// that only stand within characters (亻, 氵) are among them, since that is how they are meant where they stand alone.
const SUPPLEMENT: &str = "⺁厂⺂乛⺃乚⺄乙⺅亻⺆冂⺇几⺈刀⺉刂⺊卜⺋㔾⺌小⺍小⺎兀⺏尣⺐尢⺒巳⺓幺⺔彑⺕彐⺖忄⺗㣺⺘扌⺙攵⺛旡⺜日⺝月⺞歺⺟母⺠民⺡氵⺢氺⺣灬⺤爫⺥爫⺦丬⺧牛⺨犭⺩王⺪疋⺫目⺬示⺭礻⺮竹⺯糹⺰纟⺱罓⺲罒⺳㓁⺶羊⺷羊⺸羊⺹耂⺺肀⺻聿⺼月⺽臼⺾艹⺿艹⻀艹⻁虎⻂衤⻃覀⻄西⻅见⻆角⻇角⻈讠⻉贝⻊足⻋车⻌辶⻍辶⻎辶⻏阝⻐钅⻑長⻒镸⻓长⻔门⻕阜⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻞飠⻟飠⻠饣⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻱龜⻲亀⻳龟";

/// The text with ordinary characters in the place of radicals.
pub fn fold(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_folded) {
        return Cow::Borrowed(text);
    }
    let character = |c: char| if is_folded(c) { ordinary(c) } else { c };
    Cow::Owned(text.chars().map(character).collect())
}

fn is_folded(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{2EF3}' | '\u{2F00}'..='\u{2FD5}' | '\u{F900}'..='\u{FAD9}')
}

fn ordinary(c: char) -> char {
    if let '\u{2E80}'..='\u{2EF3}' = c {
        let mut pairs = SUPPLEMENT.chars();
        while let (Some(radical), Some(character)) = (pairs.next(), pairs.next()) {
            if radical == c {
                return character;
            }
        }
        return c;
    }
    // Both other blocks decompose to one character each (The Unicode Standard, 18.2 and 23.4).
    let mut parts = std::iter::once(c).nfkc();
    match (parts.next(), parts.next()) {
        (Some(character), None) => character,
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn radicals_of_every_block_become_characters() {
        for (text, want) in [
            ("遵义市⼈⼒资源和社会保障局", "遵义市人力资源和社会保障局"),
            ("甲市共享单⻋管理⽅案", "甲市共享单车管理方案"),
            ("⺠政局、⻢场镇、⻄⻓街", "民政局、马场镇、西长街"),
            ("2024年4⽉2⽇", "2024年4月2日"),
            ("\u{F98E}度\u{FA08}动", "年度行动"),
            ("甲市人民政府", "甲市人民政府"),
        ] {
            assert_eq!(fold(text), want);
        }
    }

    #[test]
    fn every_kangxi_radical_has_its_character() {
        for c in '\u{2F00}'..='\u{2FD5}' {
            assert!(matches!(ordinary(c), '\u{4E00}'..='\u{9FFF}'), "{c}");
        }
        let pairs: Vec<char> = SUPPLEMENT.chars().collect();
        assert!(pairs.len().is_multiple_of(2));
        for pair in pairs.chunks(2) {
            assert!(is_folded(pair[0]) && !is_folded(pair[1]), "{pair:?}");
        }
    }
}
