package io.zonecast.ingest.publish;

import java.io.IOException;

/** Hears every change that a publish would make. */
@FunctionalInterface
public interface ChangeListing {
  /** Hears nothing. */
  ChangeListing NONE = change -> {};

  void add(Change change) throws IOException;
}
