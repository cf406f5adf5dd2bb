//! Rules that hold on every page, tried on every sample in every language.

mod contrast;
mod hostile;
mod page;
mod people;
mod scan;
mod template;
