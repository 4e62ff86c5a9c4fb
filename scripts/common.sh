# Sourced by the other scripts: where things are, which Java runs them, and the build of what is stale.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
if [[ -d $root/lib ]]; then
  layout=$root                               # installed: lib, config and scripts side by side
else
  layout=$root/modules/server/target/postern # a clone: built here when it is stale
fi
readonly root layout
readonly java_needed=25

die() {
  local status=$1
  shift
  printf 'postern: %s\n' "$*" >&2
  exit "$status"
}

java_version() {
  [[ -r $1/release ]] && sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

# Sets java_home to a Java of the needed version or newer: JAVA_HOME, the usual folders, the PATH.
find_java() {
  local candidate version on_path=
  if command -v java >/dev/null; then
    on_path=$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")
  fi
  for candidate in "${JAVA_HOME:-}" /usr/lib/jvm/* /opt/java/* "$HOME"/.sdkman/candidates/java/* "$on_path"; do
    [[ -n $candidate && -x $candidate/bin/java ]] || continue
    [[ ${1:-} != compiler || -x $candidate/bin/javac ]] || continue
    version=$(java_version "$candidate")
    if [[ -n $version && $version -ge $java_needed ]]; then
      java_home=$candidate
      return
    fi
  done
  die 69 "a JDK $java_needed or newer is needed: set JAVA_HOME, or install one (Debian, Ubuntu: openjdk-$java_needed-jdk or temurin-$java_needed-jdk)"
}

is_stale() {
  [[ -e $layout/built ]] || return 0
  [[ -n $(find "$root/pom.xml" "$root"/modules/*/pom.xml "$root"/modules/*/src/main -not -path '*/modules/bench/*' \
    -newer "$layout/built" -print -quit) ]]
}

# In a clone, builds the server when a source is newer than the last build. Tests are for scripts/test.
build_if_stale() {
  [[ $layout == "$root" ]] && return
  is_stale || return 0
  find_java compiler
  command -v mvn >/dev/null || die 69 "Maven is needed to build: install maven"
  command -v flock >/dev/null || die 69 "flock is needed to build: install util-linux"
  mkdir -p "$root/target"
  (
    flock 9
    is_stale || exit 0
    printf 'postern: building …\n' >&2
    started=$(mktemp "$root/target/built.XXXXXX") # Sources saved during the build are newer than it.
    cd "$root"
    JAVA_HOME=$java_home mvn -B -q -Dquick -Dspotless.check.skip -Dmaven.test.skip=true -Djacoco.skip=true \
      -pl modules/server -am package >&2 || { rm -f "$started"; exit 1; }
    rm -f "$layout"/*.aot
    mv "$started" "$layout/built"
    train
  ) 9>"$root/target/build.lock" || die 70 "the build failed"
}

# Starts and stops a scratch server once, so that the JVM remembers its classes: a third off every later start.
# Without the cache everything works as well, only slower.
train() {
  local scratch
  scratch=$(mktemp -d "${TMPDIR:-/tmp}/postern-train.XXXXXX")
  chmod 711 "$scratch" # As root, PostgreSQL runs as somebody else, who has to get there.
  cp "$root/config/plans.yml" "$scratch"
  cat >"$scratch/postern.yml" <<'YAML'
listeners: {imaps: {port: 0}, pop3s: {port: 0}, smtps: {port: 0}, submission: {port: 0}}
console: {port: 0}
YAML
  jvm_flags
  "$java_home/bin/java" "${jvm[@]}" "-XX:AOTCacheOutput=$layout/postern.aot" \
    -cp "$layout/lib/postern-server.jar" org.postern.server.Main serve --once \
    --config "$scratch" --data "$scratch/data" >"$root/target/train.log" 2>&1 ||
    printf 'postern: no start-up cache: see target/train.log\n' >&2
  rm -rf "$scratch"
}

# Sets jvm to the flags that every JVM of ours runs with, and those of this machine.
jvm_flags() {
  local cores parallelism
  cores=$(nproc 2>/dev/null || echo 2)
  parallelism=$((cores > 2 ? cores : 2)) # The least of carriers: CarrierThreads.java.
  jvm=("@$root/scripts/jvm.options" "-Djdk.virtualThreadScheduler.parallelism=$parallelism")
  local cache=$layout/postern.aot
  # A cache that does not fit (another Java, other flags) is ignored by the JVM.
  [[ -e $cache ]] && jvm+=("-XX:AOTCache=$cache" -Xlog:aot=off -Xlog:cds=off)
  return 0
}
