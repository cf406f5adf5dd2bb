//! Parameters and cells in PostgreSQL's types: `BIGINT`, `TEXT`, `BYTEA`, and no others.

use std::error::Error;

use bytes::BytesMut;
use tokio_postgres::types::IsNull;
use tokio_postgres::types::ToSql;
use tokio_postgres::types::Type;
use tokio_postgres::types::to_sql_checked;

use crate::row::Cell;
use crate::row::Row;
use crate::statement::Param;

pub(super) fn as_sql(param: &Param) -> &(dyn ToSql + Sync) {
    param
}

impl ToSql for Param {
    fn to_sql(
        &self,
        kind: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Int(number) if *kind == Type::INT8 => number.to_sql(kind, out),
            Self::Text(text) if *kind == Type::TEXT => text.to_sql(kind, out),
            Self::Bytes(bytes) if *kind == Type::BYTEA => bytes.to_sql(kind, out),
            _ => Err("a parameter has another type than its column".into()),
        }
    }

    fn accepts(kind: &Type) -> bool {
        matches!(*kind, Type::INT8 | Type::TEXT | Type::BYTEA)
    }

    to_sql_checked!();
}

impl Row for tokio_postgres::Row {
    fn cell(&self, column: usize) -> Option<Cell<'_>> {
        let kind = self.columns().get(column)?.type_();
        let cell = match *kind {
            Type::INT8 => self.try_get::<_, Option<i64>>(column).ok()?.map(Cell::Int),
            Type::TEXT => self
                .try_get::<_, Option<&str>>(column)
                .ok()?
                .map(Cell::Text),
            Type::BYTEA => self
                .try_get::<_, Option<&[u8]>>(column)
                .ok()?
                .map(Cell::Bytes),
            _ => return None,
        };
        Some(cell.unwrap_or(Cell::Null))
    }
}
