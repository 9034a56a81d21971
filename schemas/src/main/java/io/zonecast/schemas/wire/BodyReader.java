package io.zonecast.schemas.wire;

/** Reads the Avro binary behind the header, for one writer's schema. */
interface BodyReader {

  /**
   * Points {@code into} at the fields of the bytes from {@code start} to {@code end}, all of which
   * are read.
   *
   * @throws UndecodableValueException if they are no such row
   */
  void read(byte[] bytes, int start, int end, RowFields into);
}
