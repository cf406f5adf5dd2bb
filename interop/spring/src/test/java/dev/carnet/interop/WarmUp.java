package dev.carnet.interop;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Needs no server. Its name keeps it out of the suite; it is there so that Surefire has all that it needs. */
class WarmUp {
  @Test
  void surefire_has_its_engine() {
    assertTrue(WarmUp.class.getClassLoader() != null);
  }
}
