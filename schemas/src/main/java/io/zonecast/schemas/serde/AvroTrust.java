package io.zonecast.schemas.serde;

import io.zonecast.schemas.ChangedRow;
import io.zonecast.schemas.PublishSummary;
import io.zonecast.schemas.PublishedChanges;
import io.zonecast.schemas.PublishedFile;
import io.zonecast.schemas.RowContent;
import io.zonecast.schemas.ZoneRow;
import io.zonecast.schemas.ZoneUpdate;
import org.apache.avro.util.ClassSecurityValidator;

/**
 * Lets Avro make the records of our schemas of what it reads. Since 1.12.1 it makes no class by its
 * name that it was not told to trust; others' classes are named in the system properties that its
 * message speaks of.
 */
final class AvroTrust {
  static {
    ClassSecurityValidator.setGlobal(
        ClassSecurityValidator.composite(
            ClassSecurityValidator.getGlobal(),
            ClassSecurityValidator.builder()
                .add(ZoneRow.class)
                .add(ZoneUpdate.class)
                .add(PublishSummary.class)
                .add(PublishedFile.class)
                .add(PublishedChanges.class)
                .add(ChangedRow.class)
                .add(RowContent.class)
                .build()));
  }

  private AvroTrust() {}

  /** Once is enough for the JVM; again does no harm. */
  static void inOurRecords() {
    // Loading this class has done it.
  }
}
