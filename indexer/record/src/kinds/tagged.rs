//! Reading what says its kind among its facts.

use serde::de::{DeserializeSeed, IntoDeserializer, MapAccess};

/// The fact that says the kind of a body.
pub(super) const TAG: &str = "kind";

/// A map whose first key was looked at, given out from its beginning.
pub(super) struct FirstAgain<A> {
    first: Option<String>,
    rest: A,
}

impl<A> FirstAgain<A> {
    /// Of the first key and the map, whose next is that key's value.
    pub(super) fn new(first: String, rest: A) -> Self {
        Self { first: Some(first), rest }
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for FirstAgain<A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        match self.first.take() {
            Some(first) => seed.deserialize(first.into_deserializer()).map(Some),
            None => self.rest.next_key_seed(seed),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.rest.next_value_seed(seed)
    }
}
