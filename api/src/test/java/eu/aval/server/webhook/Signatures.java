// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.webhook;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * What a receiver computes, from the texts of Standard Webhooks 1.0.0, RFC 2104 and RFC 8032 and from what it was given,
 * with nothing of the server's.
 */
public final class Signatures {

    private Signatures() {}

    /** How many entries of the header a key verifies. */
    public static long verified(Receiver.Taken taken, String key) {
        String signed = taken.header("webhook-id") + "." + taken.header("webhook-timestamp") + "." + taken.body();
        byte[] octets = signed.getBytes(StandardCharsets.UTF_8);
        return entries(taken).stream()
                .filter(entry -> key.startsWith("whsec_")
                        ? entry.startsWith("v1,") && MessageDigest.isEqual(decoded(entry), hmac(decoded(key), octets))
                        : entry.startsWith("v1a,") && ed25519(decoded(key), octets, decoded(entry)))
                .count();
    }

    public static List<String> entries(Receiver.Taken taken) {
        return List.of(taken.header("webhook-signature").split(" "));
    }

    private static byte[] decoded(String value) {
        return Base64.getDecoder().decode(value.substring(value.indexOf(value.startsWith("wh") ? '_' : ',') + 1));
    }

    /** RFC 2104: H(K xor opad, H(K xor ipad, text)). */
    private static byte[] hmac(byte[] key, byte[] text) {
        byte[] block = Arrays.copyOf(key, 64);
        byte[] inner = new byte[64];
        byte[] outer = new byte[64];
        for (int i = 0; i < 64; i++) {
            inner[i] = (byte) (block[i] ^ 0x36);
            outer[i] = (byte) (block[i] ^ 0x5c);
        }
        return sha256(outer, sha256(inner, text));
    }

    private static byte[] sha256(byte[] one, byte[] two) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(one);
            return digest.digest(two);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** RFC 8032, 5.1.2: little-endian y, and the sign of x in the last bit. */
    private static boolean ed25519(byte[] key, byte[] text, byte[] signature) {
        byte[] y = new byte[32];
        for (int i = 0; i < 32; i++) {
            y[i] = key[31 - i];
        }
        boolean odd = (y[0] & 0x80) != 0;
        y[0] &= 0x7f;
        try {
            Signature verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(KeyFactory.getInstance("Ed25519")
                    .generatePublic(new EdECPublicKeySpec(
                            NamedParameterSpec.ED25519, new EdECPoint(odd, new BigInteger(1, y)))));
            verifier.update(text);
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
