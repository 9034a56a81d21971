package io.zonecast.ingest.publish;

import io.zonecast.schemas.topic.RangeReading;
import java.nio.ByteBuffer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Gathers a topic's records, as digests, in blocks to hand over. */
final class TopicBlocks
    implements RangeReading.Visitor<ByteBuffer, ByteBuffer, InterruptedException> {
  private final RecordDigester digester;
  private final ReadAhead.Out<DigestBlock> out;
  private DigestBlock block = new DigestBlock(DigestBlock.CAPACITY);

  TopicBlocks(RecordDigester digester, ReadAhead.Out<DigestBlock> out) {
    this.digester = digester;
    this.out = out;
  }

  @Override
  public void visit(ConsumerRecord<ByteBuffer, ByteBuffer> record) throws InterruptedException {
    digester.digest(record.partition(), record.key(), record.value(), block);
    if (block.isFull()) {
      out.put(block);
      block = new DigestBlock(DigestBlock.CAPACITY);
    }
  }

  /** Hands over what is left. */
  void finish() throws InterruptedException {
    out.put(block);
  }
}
