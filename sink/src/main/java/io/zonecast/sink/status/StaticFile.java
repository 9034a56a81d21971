package io.zonecast.sink.status;

import io.zonecast.monitor.PageRequest;
import io.zonecast.monitor.Reply;
import io.zonecast.monitor.Resource;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;

/** A file of the page, from the jar. */
record StaticFile(String name, String mediaType) implements Resource {

  @Override
  public Reply get(PageRequest request) throws IOException {
    try (InputStream file = StaticFile.class.getResourceAsStream(name)) {
      if (file == null) {
        throw new FileNotFoundException(name + " is not in the jar");
      }
      return Reply.of(mediaType, file.readAllBytes());
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
