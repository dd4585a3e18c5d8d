// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.accept;

import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the {@code Idempotency-Key} header says. A structured-field string (RFC 9651) as the draft wants it, or the bare
 * token many clients send: {@code "8e03978e"} and {@code 8e03978e} are the same key.
 *
 * <p>A key may hold personal data: it is stored as a PRF value and {@link #toString()} hides it.
 */
public final class IdempotencyKey {

    private static final int LONGEST = 255;

    private final String value;
    private final @Nullable Integer item;

    private IdempotencyKey(String value, @Nullable Integer item) {
        this.value = value;
        this.item = item;
    }

    /**
     * @param headers each value of the header; none is no key
     * @throws Problem IDEMPOTENCY_KEY_INVALID
     */
    public static @Nullable IdempotencyKey parse(List<String> headers) {
        if (headers.isEmpty()) {
            return null;
        }
        if (headers.size() > 1) {
            throw invalid("The header stands twice");
        }
        String header = headers.getFirst().strip();
        String value = header.startsWith("\"") ? quoted(header) : bare(header);
        if (value.isEmpty() || value.length() > LONGEST) {
            throw invalid("A key has 1 to " + LONGEST + " characters");
        }
        return new IdempotencyKey(value, null);
    }

    /** The key of one item of a batch. */
    public IdempotencyKey item(int index) {
        return new IdempotencyKey(value, index);
    }

    /** What the header says, for all items of a batch. */
    public String value() {
        return value;
    }

    /** Which item of a batch; null for a request by itself. */
    public @Nullable Integer item() {
        return item;
    }

    private static String quoted(String header) {
        StringBuilder value = new StringBuilder(header.length());
        for (int i = 1; i < header.length(); i++) {
            char character = header.charAt(i);
            if (character == '"') {
                if (i != header.length() - 1) {
                    throw invalid("Something follows the closing quote");
                }
                return value.toString();
            }
            if (character == '\\') {
                i++;
                character = i < header.length() ? header.charAt(i) : 0;
                if (character != '"' && character != '\\') {
                    throw invalid("A backslash escapes only a quote or a backslash");
                }
            } else if (character < ' ' || character > '~') {
                throw invalid("A key is printable ASCII");
            }
            value.append(character);
        }
        throw invalid("The closing quote is missing");
    }

    private static String bare(String header) {
        for (int i = 0; i < header.length(); i++) {
            char character = header.charAt(i);
            if (character <= ' ' || character > '~' || "\",;\\".indexOf(character) >= 0) {
                throw invalid("An unquoted key is printable ASCII without space, quote, comma, semicolon or backslash");
            }
        }
        return header;
    }

    private static Problem invalid(String detail) {
        return new Problem(ProblemType.IDEMPOTENCY_KEY_INVALID, detail);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IdempotencyKey that && value.equals(that.value) && Objects.equals(item, that.item);
    }

    @Override
    public int hashCode() {
        return 31 * value.hashCode() + Objects.hashCode(item);
    }

    @Override
    public String toString() {
        return "IdempotencyKey[" + value.length() + "]";
    }
}
