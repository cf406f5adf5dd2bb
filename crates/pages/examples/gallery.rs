//! Renders every page in every state and language into a directory, for looking at.
//!
//! `cargo run -p carnet-pages --example gallery -- DIRECTORY` writes `DIRECTORY/en/setup.html` and
//! so on, the static files, `DIRECTORY/index.html`, and `DIRECTORY/gallery.json`, which tells a program
//! the languages, the pages, and the policy that each page is served with. Serve the directory from its root:
//! `python3 -m http.server -d DIRECTORY`.

use std::error::Error;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use carnet_pages::{Language, assets, sample};
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn Error>> {
    let directory: PathBuf = std::env::args_os()
        .nth(1)
        .ok_or("tell the directory to write to")?
        .into();
    for asset in assets() {
        write(
            &directory.join(asset.path.trim_start_matches('/')),
            asset.bytes,
        )?;
    }
    let mut index = String::from("<!doctype html><meta charset=utf-8><title>Gallery</title>\n");
    for language in Language::ALL {
        let tag = language.tag();
        writeln!(index, "<h2>{tag}</h2>\n<ul>")?;
        for sample in sample::all() {
            let page = sample.render(language)?;
            let path = format!("{tag}/{}.html", sample.name);
            write(&directory.join(&path), page.as_str().as_bytes())?;
            writeln!(index, "<li><a href={path}>{}</a>", sample.name)?;
        }
        index.push_str("</ul>\n");
    }
    write(&directory.join("index.html"), index.as_bytes())?;
    write(
        &directory.join("gallery.json"),
        contents().to_string().as_bytes(),
    )?;
    Ok(())
}

fn contents() -> Value {
    let pages: Vec<Value> = sample::all()
        .iter()
        .map(|sample| json!({"name": sample.name, "policy": sample.policy()}))
        .collect();
    json!({
        "languages": Language::ALL.map(Language::tag),
        "pages": pages,
    })
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), std::io::Error> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    fs::write(path, bytes)
}
