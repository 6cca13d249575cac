//! Routes of the console, which take only handlers whose type names a permission: one that forgets it does not compile.

use axum::{
    handler::Handler,
    routing::{self, MethodRouter},
};

use crate::http::{
    App,
    signed::{Sent, SignedIn, SignedInAnyhow},
};

/// An argument of a handler that is there only for whoever is signed in, and may do what it names.
pub trait Permission {}

impl<A> Permission for SignedIn<A> {}
impl<A> Permission for Sent<A> {}
/// For what everybody who is signed in may do, whether or not a password has to be changed first.
impl Permission for SignedInAnyhow {}

/// The arguments of a handler, as [`Handler`] has them, of which the one at a place is a [`Permission`].
#[diagnostic::on_unimplemented(
    message = "this handler names no permission",
    note = "a handler of the console takes `SignedIn<…>` or `Sent<…>`"
)]
pub trait Permitted<Place> {}

pub struct First;
pub struct Second;
pub struct Third;
pub struct Fourth;
pub struct Fifth;
pub struct Sixth;

macro_rules! permitted {
    ($place:ident: $($before:ident),*; $($after:ident),*) => {
        impl<M, $($before,)* P: Permission, $($after,)*> Permitted<$place> for (M, $($before,)* P, $($after,)*) {}
    };
}

permitted!(First: ;);
permitted!(First: ; B);
permitted!(First: ; B, C);
permitted!(First: ; B, C, D);
permitted!(First: ; B, C, D, E);
permitted!(Second: A;);
permitted!(Second: A; C);
permitted!(Second: A; C, D);
permitted!(Second: A; C, D, E);
permitted!(Third: A, B;);
permitted!(Third: A, B; D);
permitted!(Third: A, B; D, E);
permitted!(Fourth: A, B, C;);
permitted!(Fourth: A, B, C; E);
permitted!(Fourth: A, B, C; E, F);
permitted!(Fifth: A, B, C, D;);
permitted!(Fifth: A, B, C, D; F);
permitted!(Sixth: A, B, C, D, E;);

/// A page.
pub fn get<H, T, P>(page: H) -> MethodRouter<App>
where
    H: Handler<T, App>,
    T: Permitted<P> + 'static,
{
    routing::get(page)
}

/// What a form of another page is sent to.
pub fn post<H, T, P>(act: H) -> MethodRouter<App>
where
    H: Handler<T, App>,
    T: Permitted<P> + 'static,
{
    routing::post(act)
}

/// A page and what its form is sent to.
pub fn form<G, T, P, H, U, Q>(page: G, act: H) -> MethodRouter<App>
where
    G: Handler<T, App>,
    T: Permitted<P> + 'static,
    H: Handler<U, App>,
    U: Permitted<Q> + 'static,
{
    get(page).post(act)
}
