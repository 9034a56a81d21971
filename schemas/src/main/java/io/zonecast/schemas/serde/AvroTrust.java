package io.zonecast.schemas.serde;

import io.zonecast.schemas.ZoneRow;
import io.zonecast.schemas.ZoneUpdate;
import org.apache.avro.util.ClassSecurityValidator;

/**
 * Lets Avro make {@link ZoneRow}s and {@link ZoneUpdate}s of what it reads. Since 1.12.1 it makes
 * no class by its name that it was not told to trust; others' classes are named in the system
 * properties that its message speaks of.
 */
final class AvroTrust {
  static {
    ClassSecurityValidator.setGlobal(
        ClassSecurityValidator.composite(
            ClassSecurityValidator.getGlobal(),
            ClassSecurityValidator.builder().add(ZoneRow.class).add(ZoneUpdate.class).build()));
  }

  private AvroTrust() {}

  /** Once is enough for the JVM; again does no harm. */
  static void inOurRecords() {
    // Loading this class has done it.
  }
}
