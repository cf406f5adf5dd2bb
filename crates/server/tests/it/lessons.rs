//! What others paid for (the lessons of the security requirements), tried at every door at once: each kind of secret
//! at each place, each ending against each way to a token, each page in a frame, each endpoint over a disk that is full.

mod broken;
mod deeds;
mod doors;
mod ended;
mod kinds;
mod logs;
mod musts;
mod pages;
mod places;
mod scene;
