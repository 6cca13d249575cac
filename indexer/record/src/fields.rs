//! Columns whose values stand in a field of the kind's own type as they are.

use super::Date;

/// A [`Field`](super::column::Field) that people give: `line` of a `String`, `maybe` of an `Option<String>`, `lines` of a
/// `Vec<String>`, `day` of an `Option<Date>`, `number` of an `Option<u32>`, `division` of a code, `choice` of a word of a
/// list, `items` of a list whose elements are written one a line.
macro_rules! field {
    (line $name:ident, $column:expr) => {
        $crate::column::Field::given(
            $column,
            |k| Some(k.$name.clone()).filter(|text| !text.is_empty()).into_iter().collect(),
            |k, values| {
                k.$name = values.into_iter().next().unwrap_or_default();
                Ok(())
            },
        )
    };
    (maybe $name:ident, $column:expr) => {
        $crate::column::Field::given(
            $column,
            |k| k.$name.iter().cloned().collect(),
            |k, values| {
                k.$name = values.into_iter().next();
                Ok(())
            },
        )
    };
    (lines $name:ident, $column:expr) => {
        $crate::column::Field::given(
            $column,
            |k| k.$name.clone(),
            |k, values| {
                k.$name = values;
                Ok(())
            },
        )
    };
    (day $name:ident, $column:expr) => {
        $crate::column::Field::given(
            $column,
            |k| k.$name.iter().map(ToString::to_string).collect(),
            |k, values| {
                k.$name = $crate::fields::day(values)?;
                Ok(())
            },
        )
    };
    (number $name:ident, $column:expr) => {
        $crate::column::Field::given(
            $column,
            |k| k.$name.iter().map(ToString::to_string).collect(),
            |k, values| {
                k.$name = $crate::fields::number(values)?;
                Ok(())
            },
        )
    };
    (division $name:ident, $column:expr) => {
        $crate::column::Field::given(
            $column,
            |k| vec![k.$name.to_string()],
            |k, values| {
                let code = values.into_iter().next().unwrap_or_default();
                k.$name = code.parse().map_err(|error| format!("{error}"))?;
                Ok(())
            },
        )
    };
    (choice $name:ident, $all:expr, $column:expr) => {
        $crate::column::Field::given(
            $column,
            |k| vec![k.$name.label().to_owned()],
            |k, values| {
                let chosen = $all.into_iter().find(|word| values.iter().any(|value| value == word.label()));
                k.$name = chosen.ok_or("请从列表中选择")?;
                Ok(())
            },
        )
    };
    (items $name:ident, $column:expr) => {
        $crate::column::Field::given(
            $column,
            |k| $crate::staffing::written(&k.$name),
            |k, values| {
                k.$name = $crate::staffing::read(values)?;
                Ok(())
            },
        )
    };
}
pub(crate) use field;

/// The day that a column of days has.
pub fn day(values: Vec<String>) -> Result<Option<Date>, String> {
    values.first().map(|day| day.parse()).transpose().map_err(|_| "不是日期".to_owned())
}

/// The number that a column of numbers has.
pub fn number(values: Vec<String>) -> Result<Option<u32>, String> {
    values.first().map(|number| number.parse()).transpose().map_err(|_| "数字过大".to_owned())
}
