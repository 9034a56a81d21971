package io.zonecast.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;

/** Debian's memcached package, installed without the service that it would start. */
final class DebianPackage {
  private static final Duration LIMIT = Duration.ofMinutes(5);

  /** Debian's maintainer scripts ask this program whether they may start a service; 101 is no. */
  private static final Path POLICY = Path.of("/usr/sbin/policy-rc.d");

  private static final String NO_SERVICES = "#!/bin/sh\nexit 101\n";

  private DebianPackage() {}

  /** What a user without the right to install runs. */
  static String commandForTheUser() {
    return Executables.find("brew").isPresent()
        ? "brew install memcached"
        : "sudo apt-get install memcached";
  }

  /** Installs the package if this is root on a Debian system; says so first. */
  static Optional<MemcachedProgram> install() {
    Optional<Path> aptGet = Executables.find("apt-get");
    if (aptGet.isEmpty() || !Executables.runAsRoot()) {
      return Optional.empty();
    }
    System.err.println(
        "memcached is not on the PATH and no Docker engine answers: installing Debian's package"
            + " with apt-get, without its service");
    boolean ownPolicy = forbidServices();
    try {
      installWith(aptGet.get().toString());
    } finally {
      if (ownPolicy) {
        allowServices();
      }
    }
    return MemcachedProgram.installed();
  }

  private static void installWith(String aptGet) {
    String[] install = {aptGet, "install", "-y", "-qq", "--no-install-recommends", "memcached"};
    // A machine that was never asked for a package has no list of them yet.
    if (!Executables.succeeds(LIMIT, install)) {
      boolean installed =
          Executables.succeeds(LIMIT, aptGet, "update", "-qq")
              && Executables.succeeds(LIMIT, install);
      if (!installed) {
        throw new SandboxException(
            "apt-get could not install memcached; see why with: apt-get update && apt-get install"
                + " memcached");
      }
    }
    if (Files.isDirectory(Path.of("/run/systemd/system"))) {
      // Not started now, but it would be after the next boot.
      Executables.succeeds(LIMIT, "systemctl", "disable", "memcached");
    }
  }

  /** Returns whether there was no policy before, so that ours is to be removed. */
  private static boolean forbidServices() {
    if (Files.exists(POLICY)) {
      return false;
    }
    try {
      Files.writeString(POLICY, NO_SERVICES);
      Files.setPosixFilePermissions(POLICY, PosixFilePermissions.fromString("rwxr-xr-x"));
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + POLICY, e);
    }
  }

  private static void allowServices() {
    try {
      Files.delete(POLICY);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + POLICY + "; delete it by hand", e);
    }
  }
}
