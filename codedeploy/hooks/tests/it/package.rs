//! What is uploaded.

use std::path::PathBuf;
use std::process::Command;

/// Says of an archive what Lambda sees.
const INSPECT: &str = "
import base64, hashlib, sys, zipfile
for entry in zipfile.ZipFile(sys.argv[1]).infolist():
    print(entry.filename, oct(entry.external_attr >> 16))
print(base64.b64encode(hashlib.sha256(open(sys.argv[1], 'rb').read()).digest()).decode())
";

/// Terraform uploads what has another hash, and Lambda starts what may be executed.
#[test]
fn the_same_program_is_packed_into_the_same_bytes_and_can_be_executed() {
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("program");
    std::fs::write(&program, "#!/bin/sh\n".repeat(1000)).unwrap();
    let output = |command: &mut Command| {
        let output = command.output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let pack = |name: &str, files: &[&PathBuf]| {
        let zip = folder.path().join(name);
        let hash = output(Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/package")).args([&program, &zip]).args(files));
        (std::fs::read(zip).unwrap(), hash)
    };
    let inspect = |name: &str| output(Command::new("python3").args(["-c", INSPECT]).arg(folder.path().join(name)));
    let (bytes, hash) = pack("one.zip", &[]);
    // When it was built does not matter.
    output(Command::new("touch").args(["-d", "2001-01-01"]).arg(&program));
    assert_eq!(pack("two.zip", &[]), (bytes, hash.clone()));
    assert_eq!(inspect("one.zip"), format!("bootstrap 0o100755\n{hash}"));

    // Files beside it are read and not executed; their order does not matter either.
    let files = ["a.pem", "b.pem"].map(|name| folder.path().join(name));
    files.iter().for_each(|file| std::fs::write(file, "text").unwrap());
    let (bytes, hash) = pack("files.zip", &[&files[0], &files[1]]);
    assert_eq!(pack("turned.zip", &[&files[1], &files[0]]), (bytes, hash.clone()));
    assert_eq!(inspect("files.zip"), format!("bootstrap 0o100755\na.pem 0o100644\nb.pem 0o100644\n{hash}"));
}
