//! The messages of the RFCs: parse, print, closed lists of error codes.
