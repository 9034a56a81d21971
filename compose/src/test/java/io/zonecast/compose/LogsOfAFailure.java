package io.zonecast.compose;

import java.util.function.Supplier;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Prints what the stack logged when a test of it fails: afterwards there is no stack to ask. */
record LogsOfAFailure(Supplier<String> logs) implements AfterTestExecutionCallback {
  @Override
  public void afterTestExecution(ExtensionContext context) {
    if (context.getExecutionException().isPresent()) {
      System.out.println(
          context.getDisplayName() + " failed; the stack's logs end with\n" + logs.get());
    }
  }
}
