// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.personaldata;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Objects;

/** What somebody wrote. Shows its length only in {@code toString}, JSON and exceptions. */
public final class MessageText {

    private final String value;

    private MessageText(String value) {
        this.value = value;
    }

    public static MessageText of(String value) {
        return new MessageText(Objects.requireNonNull(value, "value"));
    }

    public String reveal(PlaintextAccess access) {
        Objects.requireNonNull(access, "access");
        return value;
    }

    /** For people who may know that something was written, and not what: an asterisk for each UTF-16 code unit. */
    public String masked() {
        return "*".repeat(value.length());
    }

    /** UTF-16 code units. */
    public int length() {
        return value.length();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MessageText that && value.equals(that.value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    /** What JSON shows, too. */
    @Override
    @JsonValue
    public String toString() {
        return "MessageText[" + value.length() + "]";
    }
}
