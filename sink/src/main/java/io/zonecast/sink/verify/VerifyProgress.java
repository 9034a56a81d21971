package io.zonecast.sink.verify;

/** Hears how far a verification is. Called from several threads. */
public interface VerifyProgress {

  /** So much of the present work is done, from 0 to 1: records read, then entries compared. */
  void progressed(double fraction);

  /**
   * The topic cannot be read on.
   *
   * @param why the partitions, and the cause or that it is unknown
   */
  void waits(String why);
}
