// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.carrier.smpp;

import eu.aval.spi.event.DeliveryState;
import eu.aval.spi.failure.CarrierError;
import eu.aval.spi.failure.FailureClass;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * The one place where the peer's codes get their meaning: {@code outcomes.properties}, overridden by the settings
 * {@code vendor-codes} and {@code receipt-codes}. Total: every number has a meaning.
 */
final class SmppOutcomes {

    /** What follows from a {@code command_status}. */
    enum Kind {
        ACCEPTED,
        THROTTLED,
        /** Refused now; nothing was sent. */
        UNAVAILABLE,
        /** As {@link #UNAVAILABLE}, and the session must be bound anew. */
        REBIND,
        /** Refused for good, for the reason of {@link Meaning#reason}. */
        REJECTED
    }

    /**
     * @param reason {@link FailureClass#UNKNOWN} unless rejected
     * @param name as in the standard, for people
     */
    record Meaning(Kind kind, FailureClass reason, String name) {}

    /** The network type of {@code network_error_code} whose codes are known. */
    private static final int GSM = 3;

    private static final Properties TABLE = read();

    private final Map<Integer, Meaning> statuses = new HashMap<>();
    private final Meaning other;
    private final Map<String, FailureClass> receiptCodes = new HashMap<>();

    private SmppOutcomes(Meaning other) {
        this.other = other;
    }

    /** Reads the table, which blocks, now rather than with the first account. */
    static void load() {
        if (TABLE.isEmpty()) {
            throw new IllegalStateException("outcomes.properties is empty");
        }
    }

    static SmppOutcomes with(Map<Integer, String> vendorCodes, Map<String, String> receiptCodes) {
        SmppOutcomes outcomes = new SmppOutcomes(meaning(TABLE.getProperty("default")));
        for (String key : TABLE.stringPropertyNames()) {
            if (key.startsWith("0x")) {
                outcomes.statuses.put(Integer.decode(key), meaning(TABLE.getProperty(key)));
            }
        }
        vendorCodes.forEach((status, meaning) -> outcomes.statuses.put(status, meaning(meaning + " vendor code")));
        receiptCodes.forEach((code, reason) -> outcomes.receiptCodes.put(code, reason(reason)));
        return outcomes;
    }

    Meaning of(int status) {
        return statuses.getOrDefault(status, other);
    }

    /** The peer's words for a status. */
    CarrierError error(int status) {
        return CarrierError.of(code(status), of(status).name());
    }

    static String code(int status) {
        return String.format(Locale.ROOT, "0x%08X", status);
    }

    /** Why a receipt reports a failure; null when the state is none. */
    @Nullable
    FailureClass reason(DeliveryState state, @Nullable String code, byte @Nullable [] networkError) {
        String byState = TABLE.getProperty("receipt." + state);
        if (byState == null) {
            return null;
        }
        FailureClass byCode = code == null ? null : receiptCodes.get(plainErrorCode(code));
        if (byCode != null) {
            return byCode;
        }
        if (networkError != null && networkError.length == 3 && networkError[0] == GSM) {
            int number = ((networkError[1] & 0xFF) << 8) | (networkError[2] & 0xFF);
            FailureClass byNumber = receiptCodes.get(Integer.toString(number));
            String byNetwork = TABLE.getProperty("network." + number);
            if (byNumber != null || byNetwork != null) {
                return byNumber != null ? byNumber : reason(byNetwork);
            }
        }
        return reason(byState);
    }

    /** {@code err:} values are compared without leading zeros and without regard to case. */
    static String plainErrorCode(String code) {
        int zeros = 0;
        while (zeros < code.length() - 1 && code.charAt(zeros) == '0') {
            zeros++;
        }
        return code.substring(zeros).toLowerCase(Locale.ROOT);
    }

    /** Whether a setting may say so. */
    static boolean isMeaning(String word) {
        for (Kind kind : Kind.values()) {
            if (kind != Kind.REJECTED && kind.name().equals(word)) {
                return true;
            }
        }
        for (FailureClass reason : FailureClass.values()) {
            if (reason.name().equals(word)) {
                return true;
            }
        }
        return false;
    }

    private static Meaning meaning(String entry) {
        int space = entry.indexOf(' ');
        String word = space < 0 ? entry : entry.substring(0, space);
        String name = space < 0 ? "" : entry.substring(space + 1);
        for (Kind kind : Kind.values()) {
            if (kind.name().equals(word)) {
                return new Meaning(kind, FailureClass.UNKNOWN, name);
            }
        }
        return new Meaning(Kind.REJECTED, FailureClass.valueOf(word), name);
    }

    /** A word that is not a failure class (THROTTLED is one, UNAVAILABLE is not) says nothing about a receipt. */
    private static FailureClass reason(String entry) {
        String word = entry.split(" ", 2)[0];
        for (FailureClass reason : FailureClass.values()) {
            if (reason.name().equals(word)) {
                return reason;
            }
        }
        return FailureClass.UNKNOWN;
    }

    private static Properties read() {
        Properties table = new Properties();
        try (InputStream in = SmppOutcomes.class.getResourceAsStream("outcomes.properties")) {
            if (in == null) {
                throw new IllegalStateException("outcomes.properties is missing from the plugin");
            }
            table.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return table;
    }
}
