package com.example.standin;

/** Checked, and known to nobody outside its jar. */
public class RestClientException extends Exception {
  private static final long serialVersionUID = 1L;

  public RestClientException(String message, int errorCode) {
    super(message + "; error code: " + errorCode);
  }
}
