use std::path::PathBuf;

/// Why the trusted documents cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DocumentsError {
    /// There is a mode, but no manifest.
    #[error("TAPROOM_TRUSTED_DOCUMENTS is set, but TAPROOM_TRUSTED_DOCUMENTS_FILE is not; set it to the manifest's path")]
    ModeWithoutFile,
    /// There is a manifest, but no mode.
    #[error(
        "TAPROOM_TRUSTED_DOCUMENTS_FILE is {0:?}, but TAPROOM_TRUSTED_DOCUMENTS is off; set it to `only` or `prefer`, or leave out \
         the file"
    )]
    FileWithoutMode(PathBuf),
    /// The manifest cannot be read.
    #[error("the manifest {0:?} cannot be read: {1}; see TAPROOM_TRUSTED_DOCUMENTS_FILE")]
    Unreadable(PathBuf, std::io::Error),
    /// The manifest is longer than anybody writes one.
    #[error("the manifest {0:?} is larger than the limit of {1} bytes")]
    TooLarge(PathBuf, u64),
    /// The manifest is something else.
    #[error(
        "the manifest {0:?} is neither a JSON object of documents by their ids nor an Apollo persisted query manifest of version 1: {1}"
    )]
    Malformed(PathBuf, String),
    /// Two documents want to be the same one.
    #[error("the manifest {0:?} has two documents with the id {1:?}")]
    Ambiguous(PathBuf, String),
    /// A document would be refused whenever it is asked for.
    #[error("the trusted document {document} cannot be executed: {reason}")]
    Invalid {
        /// Its id, and its name if it has one.
        document: String,
        /// What is wrong with it.
        reason: String,
    },
}
