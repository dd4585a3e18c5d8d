// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * What an application or a person presents: {@code aval_<kind>_<prefix>_<secret>}. The prefix finds the row, the secret
 * (256 random bits) proves the holder. Shows its kind and prefix only.
 */
final class Credential {

    private static final String START = "aval_";
    private static final int PREFIX = 12;
    private static final int SECRET = 43;
    private static final char[] PREFIX_ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz".toCharArray();
    private static final char[] SECRET_ALPHABET =
            "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".toCharArray();

    private final String kind;
    private final String value;

    private Credential(String kind, String value) {
        this.kind = kind;
        this.value = value;
    }

    static Credential random(String kind, SecureRandom random) {
        var value = new StringBuilder(START).append(kind).append('_');
        append(value, PREFIX_ALPHABET, PREFIX, random);
        value.append('_');
        append(value, SECRET_ALPHABET, SECRET, random);
        return new Credential(kind, value.toString());
    }

    private static void append(StringBuilder target, char[] alphabet, int length, SecureRandom random) {
        for (int i = 0; i < length; i++) {
            target.append(alphabet[random.nextInt(alphabet.length)]);
        }
    }

    /** Null when it cannot be one of ours: nothing needs to be looked up for it. */
    static @Nullable Credential parse(String value) {
        if (!value.startsWith(START)) {
            return null;
        }
        int end = value.indexOf('_', START.length());
        if (end < 0 || value.length() != end + 1 + PREFIX + 1 + SECRET || value.charAt(end + 1 + PREFIX) != '_') {
            return null;
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c != '_' && (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z')) {
                return null;
            }
        }
        return new Credential(value.substring(START.length(), end), value);
    }

    String kind() {
        return kind;
    }

    String prefix() {
        int start = START.length() + kind.length() + 1;
        return value.substring(start, start + PREFIX);
    }

    /** The whole, as its holder sends it. */
    String reveal() {
        return value;
    }

    byte[] bytes() {
        return value.getBytes(StandardCharsets.US_ASCII);
    }

    /** Tells two credentials apart without keeping them. */
    Fingerprint fingerprint() {
        try {
            return Fingerprint.of(MessageDigest.getInstance("SHA-256").digest(bytes()));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("SHA-256 is part of every Java runtime", missing);
        }
    }

    @Override
    public String toString() {
        return START + kind + "_" + prefix() + "_***";
    }

    /** A SHA-256 value as a map key. */
    record Fingerprint(long first, long second, long third, long fourth) {

        private static Fingerprint of(byte[] digest) {
            var buffer = ByteBuffer.wrap(digest);
            return new Fingerprint(buffer.getLong(), buffer.getLong(), buffer.getLong(), buffer.getLong());
        }
    }
}
