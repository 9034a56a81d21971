package io.zonecast.schemas.serde;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonecast.schemas.wire.RegistryUnavailableException;
import io.zonecast.schemas.wire.UndecodableValueException;
import io.zonecast.schemas.wire.UnknownSchemaIdException;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.BufferUnderflowException;
import java.util.stream.Stream;
import org.apache.avro.AvroTypeException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ForeignFailureTest {

  static Stream<Arguments> failures() {
    return Stream.of(
        Arguments.of(new SerializationException("Unknown magic byte!"), BAD),
        Arguments.of(caused(new AvroTypeException("found int, expecting string")), BAD),
        Arguments.of(caused(new EOFException()), BAD),
        Arguments.of(caused(new BufferUnderflowException()), BAD),
        Arguments.of(caused(new ArrayIndexOutOfBoundsException(9)), BAD),
        Arguments.of(new IndexOutOfBoundsException(), BAD),
        Arguments.of(new StackOverflowError(), BAD),
        Arguments.of(new UndecodableValueException("ours"), BAD),
        Arguments.of(caused(new ConnectException("refused")), UNREACHABLE),
        Arguments.of(caused(new IOException("reset", new EOFException())), UNREACHABLE),
        Arguments.of(new TimeoutException("slow"), UNREACHABLE),
        Arguments.of(new AuthenticationException("who?"), UNREACHABLE),
        Arguments.of(new InvalidConfigurationException("Unauthorized"), UNREACHABLE),
        Arguments.of(caused(new RegistryUnavailableException("ours")), UNREACHABLE),
        Arguments.of(caused(new Exception("Schema not found; error code: 40403")), UNKNOWN));
  }

  private static final Class<?> BAD = UndecodableValueException.class;
  private static final Class<?> UNREACHABLE = RegistryUnavailableException.class;
  private static final Class<?> UNKNOWN = UnknownSchemaIdException.class;

  @ParameterizedTest
  @MethodSource("failures")
  void leadsWhereTheSameFailureOfOursLeads(Throwable failure, Class<?> expected) {
    assertThat(ForeignFailure.judge(7, "com.example.D", failure)).isInstanceOf(expected);
  }

  private static SerializationException caused(Throwable cause) {
    return new SerializationException("Error deserializing Avro message for id 7", cause);
  }
}
