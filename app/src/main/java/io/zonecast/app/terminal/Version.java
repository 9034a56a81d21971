package io.zonecast.app.terminal;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version and the commit, as the build recorded them. */
public final class Version implements IVersionProvider {
  private static final String RESOURCE = "/io/zonecast/app/version.properties";

  @Override
  public String[] getVersion() throws IOException {
    return new String[] {"zonecast " + number(), "Java " + System.getProperty("java.vm.version")};
  }

  /** As {@code 1.2.3 (89a1c36a5243)}. */
  public static String number() throws IOException {
    Properties recorded = new Properties();
    try (InputStream in = Version.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IOException(RESOURCE + " is not on the class path; build with Maven");
      }
      recorded.load(in);
    }
    String commit = recorded.getProperty("commit", "");
    return recorded.getProperty("version") + (commit.isEmpty() ? "" : " (" + commit + ")");
  }
}
