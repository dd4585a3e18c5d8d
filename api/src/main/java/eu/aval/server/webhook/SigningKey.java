// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.webhook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Signs webhooks as Standard Webhooks 1.0.0 has it. Immutable, safe on any thread, never blocks once it is made. */
public sealed interface SigningKey {

    /** Which of the two kinds of signature. */
    enum Scheme {
        /** HMAC-SHA256 with a secret that both sides know. */
        V1,
        /** Ed25519: the receiver knows only the public key. */
        V1A;

        /** As a signature begins. */
        public String value() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A key, and what its owner is shown of it. */
    record Created(
            SigningKey key,
            @Nullable String secret,
            @Nullable String publicKey) {

        @Override
        public String toString() {
            return "Created[" + key.scheme() + "]";
        }
    }

    Scheme scheme();

    /** What to seal and store. */
    byte[] encoded();

    /** One entry of {@code webhook-signature}. */
    String sign(String id, long timestamp, byte[] body);

    /** A new key. Blocks for randomness. */
    static Created create(Scheme scheme, SecureRandom random) {
        switch (scheme) {
            case V1 -> {
                byte[] secret = new byte[32];
                random.nextBytes(secret);
                return new Created(
                        new Hmac(new SecretKeySpec(secret, Hmac.ALGORITHM)),
                        "whsec_" + Base64.getEncoder().encodeToString(secret),
                        null);
            }
            case V1A -> {
                try {
                    KeyPair pair =
                            KeyPairGenerator.getInstance(Ed25519.ALGORITHM).generateKeyPair();
                    byte[] encoded = pair.getPublic().getEncoded();
                    // the key itself is the end of its X.509 form
                    byte[] raw = Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
                    return new Created(
                            new Ed25519(pair.getPrivate()),
                            null,
                            "whpk_" + Base64.getEncoder().encodeToString(raw));
                } catch (GeneralSecurityException e) {
                    throw new IllegalStateException("No Ed25519", e);
                }
            }
        }
        throw new IllegalArgumentException(scheme.name());
    }

    /** What {@link #encoded} gave. */
    static SigningKey read(Scheme scheme, byte[] encoded) {
        return switch (scheme) {
            case V1 -> new Hmac(new SecretKeySpec(encoded, Hmac.ALGORITHM));
            case V1A -> {
                try {
                    yield new Ed25519(KeyFactory.getInstance(Ed25519.ALGORITHM)
                            .generatePrivate(new PKCS8EncodedKeySpec(encoded)));
                } catch (GeneralSecurityException e) {
                    throw new IllegalStateException("A stored signing key cannot be read", e);
                }
            }
        };
    }

    private static byte[] head(String id, long timestamp) {
        return (id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8);
    }

    /** {@link Scheme#V1}. */
    final class Hmac implements SigningKey {

        private static final String ALGORITHM = "HmacSHA256";

        private final SecretKeySpec secret;

        private Hmac(SecretKeySpec secret) {
            this.secret = secret;
        }

        @Override
        public Scheme scheme() {
            return Scheme.V1;
        }

        @Override
        public byte[] encoded() {
            return secret.getEncoded();
        }

        @Override
        public String sign(String id, long timestamp, byte[] body) {
            try {
                Mac mac = Mac.getInstance(ALGORITHM);
                mac.init(secret);
                mac.update(head(id, timestamp));
                return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("No " + ALGORITHM, e);
            }
        }
    }

    /** {@link Scheme#V1A}. */
    final class Ed25519 implements SigningKey {

        private static final String ALGORITHM = "Ed25519";

        private final PrivateKey key;

        private Ed25519(PrivateKey key) {
            this.key = key;
        }

        @Override
        public Scheme scheme() {
            return Scheme.V1A;
        }

        @Override
        public byte[] encoded() {
            return key.getEncoded();
        }

        @Override
        public String sign(String id, long timestamp, byte[] body) {
            try {
                Signature signature = Signature.getInstance(ALGORITHM);
                signature.initSign(key);
                signature.update(head(id, timestamp));
                signature.update(body);
                return "v1a," + Base64.getEncoder().encodeToString(signature.sign());
            } catch (InvalidKeyException e) {
                throw new IllegalStateException("A stored signing key does not fit", e);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("No " + ALGORITHM, e);
            }
        }
    }
}
