package io.zonecast.sink.verify;

/** Hears how far a verification is. Called from several threads. */
public interface VerifyProgress {

  /** So much of the present work is done, from 0 to 1: records read, then entries compared. */
  void progressed(double fraction);

  /**
   * The topic cannot be read to the high watermark yet: an open transaction holds records back.
   *
   * @param who the producers, by their transactional ids where the brokers tell
   */
  void heldBack(String who);
}
