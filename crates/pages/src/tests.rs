//! Rules that hold on every page, tried on every sample in every language.
