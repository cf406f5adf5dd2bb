//! Answers of HTTP/1.1, as far as a generator reads them: the status, and a body of a told length.

use anyhow::Context as _;
use anyhow::bail;
use tokio::io::AsyncRead;
use tokio::io::AsyncReadExt as _;

/// The longest answer.
const LONGEST: usize = 256 * 1024;

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer<'a> {
    pub(crate) status: u16,
    pub(crate) head: &'a str,
    pub(crate) body: &'a [u8],
}

/// Reads one answer after the other.
#[derive(Debug)]
pub(crate) struct Reader {
    buffer: Vec<u8>,
}

impl Default for Reader {
    fn default() -> Self {
        Self {
            buffer: Vec::with_capacity(LONGEST),
        }
    }
}

impl Reader {
    /// Reads the next answer. Nothing follows it, since nothing else was asked yet.
    pub(crate) async fn read(
        &mut self,
        stream: &mut (impl AsyncRead + Unpin),
    ) -> anyhow::Result<Answer<'_>> {
        self.buffer.clear();
        let (head, length) = loop {
            self.more(stream).await?;
            if let Some(found) = head_of(&self.buffer)? {
                break found;
            }
        };
        while self.buffer.len() < head + length {
            self.more(stream).await?;
        }
        let (head, body) = self.buffer.split_at(head);
        let head = std::str::from_utf8(head).context("the head of an answer")?;
        let status = head
            .get(9..12)
            .context("the status of an answer")?
            .parse()?;
        Ok(Answer { status, head, body })
    }

    async fn more(&mut self, stream: &mut (impl AsyncRead + Unpin)) -> anyhow::Result<()> {
        if self.buffer.len() == LONGEST || stream.read_buf(&mut self.buffer).await? == 0 {
            bail!("the server closed the connection, or its answer is too long");
        }
        Ok(())
    }
}

/// How long the head is with its empty line, and how long it says that the body is.
fn head_of(bytes: &[u8]) -> anyhow::Result<Option<(usize, usize)>> {
    let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else {
        return Ok(None);
    };
    for line in bytes
        .get(..end)
        .unwrap_or_default()
        .split(|byte| *byte == b'\n')
    {
        let Some(colon) = line.iter().position(|byte| *byte == b':') else {
            continue;
        };
        let (name, value) = line.split_at(colon);
        if name.eq_ignore_ascii_case(b"content-length") {
            let value = std::str::from_utf8(value.get(1..).unwrap_or_default())?;
            return Ok(Some((end + 4, value.trim().parse()?)));
        }
    }
    bail!("an answer does not tell its length")
}

#[cfg(test)]
mod tests;
