//! The program built from other source code than this: an earlier release's, or this one's with a change.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// What is no source code.
const LEFT_OUT: [&str; 4] = [".git", "dist", "node_modules", "target"];

/// Source code of the workspace, to be changed and built in a folder of its own.
pub struct OtherVersion {
    name: &'static str,
    folder: PathBuf,
    /// By their paths in the workspace.
    files: BTreeMap<PathBuf, Vec<u8>>,
}

impl OtherVersion {
    /// What is checked out, with changes that are not committed yet.
    pub fn of_this(name: &'static str) -> Self {
        Self::new(name, read(&workspace()))
    }

    /// What `revision`, a tag for instance, has.
    pub fn of_revision(name: &'static str, revision: &str) -> Self {
        let extracted = tempfile::tempdir().unwrap();
        let archive = extracted.path().join("archive.tar");
        git(&["archive", "--output", archive.to_str().unwrap(), revision]);
        let source = extracted.path().join("source");
        fs::create_dir(&source).unwrap();
        run(Command::new("tar").arg("-xf").arg(&archive).arg("-C").arg(&source));
        Self::new(name, read(&source))
    }

    fn new(name: &'static str, files: BTreeMap<PathBuf, Vec<u8>>) -> Self {
        Self { name, folder: target().join("other-versions").join(name), files }
    }

    /// The root of its source code, once it is built.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Adds a file.
    pub fn add(&mut self, file: &str, text: &str) {
        self.files.insert(file.into(), text.into());
    }

    /// Replaces `old`, which must be there, by `new` in a file.
    pub fn replace(&mut self, file: &str, old: &str, new: &str) {
        let text = self.text(file);
        assert!(text.contains(old), "{file} no longer has {old:?}; change something else there");
        self.add(file, &text.replace(old, new));
    }

    fn text(&self, file: &str) -> String {
        String::from_utf8(self.files[Path::new(file)].clone()).unwrap()
    }

    /// Builds the program, as `commit`, and says where it is. What it depends on is built already, if it is what we depend on.
    pub fn build(mut self, commit: &str) -> PathBuf {
        // Under a name of its own, beside ours. A target that is named is no longer found by itself.
        let program = format!("taproom-{}", self.name);
        let manifest = self.text("api/Cargo.toml").replace("default-run = \"taproom\"\n", "");
        self.add("api/Cargo.toml", &format!("{manifest}\n[[bin]]\nname = \"{program}\"\npath = \"src/main.rs\"\n"));
        self.name_version();
        self.write();
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["build", "--quiet", "--locked", "--package", "taproom", "--bin", &program]).arg("--target-dir").arg(target());
        // Cargo sets these for the crate that this test is of. Build scripts that ask for them, as ring's does, would run again, now and by the next build.
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy();
            if text == "OUT_DIR" || text.starts_with("CARGO_") && !["CARGO_HOME", "CARGO_TARGET_DIR"].contains(&&*text) {
                cargo.env_remove(&name);
            }
        }
        run(cargo.env("TAPROOM_COMMIT", commit).current_dir(&self.folder));
        target().join("debug").join(program)
    }

    /// Gives its packages a version of their own. Cargo knows a package of the workspace by name, version and place in it, and would otherwise take ours for
    /// these, and these for ours.
    fn name_version(&mut self) {
        let manifest = self.text("Cargo.toml");
        let version = manifest.split_once("[workspace.package]\nversion = \"").unwrap().1.split('"').next().unwrap();
        let (old, new) = (format!("version = \"{version}\""), format!("version = \"{version}-{}\"", self.name));
        // Those of the workspace have no source.
        let lock = self.text("Cargo.lock");
        let packages = lock.split("[[package]]\n").map(|package| match package.contains("\nsource = ") {
            true => package.to_owned(),
            false => package.replacen(&old, &new, 1),
        });
        let lock = packages.collect::<Vec<_>>().join("[[package]]\n");
        self.add("Cargo.lock", &lock);
        self.add("Cargo.toml", &manifest.replacen(&old, &new, 1));
    }

    /// Leaves alone what is there already, or Cargo would build it again.
    fn write(&self) {
        let present = if self.folder.exists() { read(&self.folder) } else { BTreeMap::new() };
        for gone in present.keys().filter(|path| !self.files.contains_key(*path)) {
            fs::remove_file(self.folder.join(gone)).unwrap();
        }
        for (path, content) in self.files.iter().filter(|(path, content)| present.get(*path) != Some(content)) {
            let path = self.folder.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
    }
}

/// The source code below a folder.
fn read(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap().map(Result::unwrap) {
            let (path, kind) = (entry.path(), entry.file_type().unwrap());
            if kind.is_dir() && !LEFT_OUT.iter().any(|name| entry.file_name() == *name) {
                folders.push(path);
            } else if kind.is_file() {
                files.insert(path.strip_prefix(root).unwrap().to_owned(), fs::read(&path).unwrap());
            }
        }
    }
    files
}

/// Runs Git in the workspace.
pub fn git(arguments: &[&str]) -> String {
    String::from_utf8(run(Command::new("git").args(arguments).current_dir(workspace()))).unwrap()
}

/// The folder of the whole repository.
pub fn workspace() -> PathBuf {
    workspace_of(Path::new(env!("CARGO_MANIFEST_DIR"))).to_owned()
}

/// The nearest one: the repository may be checked out inside of another workspace.
fn workspace_of(package: &Path) -> &Path {
    package.ancestors().skip(1).find(|folder| folder.join("Cargo.lock").exists()).unwrap()
}

#[test]
fn a_workspace_inside_of_another_is_found() {
    let outer = tempfile::tempdir().unwrap();
    let inner = outer.path().join("inner");
    fs::create_dir(&inner).unwrap();
    for workspace in [outer.path(), &inner] {
        fs::write(workspace.join("Cargo.lock"), "").unwrap();
    }
    assert_eq!(workspace_of(&inner.join("api")), inner);
}

/// The folder that Cargo builds in: this test is in `debug/deps` there.
fn target() -> PathBuf {
    std::env::current_exe().unwrap().ancestors().nth(3).unwrap().to_owned()
}

fn run(command: &mut Command) -> Vec<u8> {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}
