//! Every page a person sees, as a pure function of a view.
