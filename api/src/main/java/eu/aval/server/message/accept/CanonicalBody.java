// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.accept;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/** The members of a request in a fixed order: equal for two bodies that say the same in other words. */
final class CanonicalBody {

    private final ByteArrayOutputStream octets = new ByteArrayOutputStream(256);

    private CanonicalBody() {}

    static byte[] of(SendRequest request) {
        CanonicalBody body = new CanonicalBody();
        body.add(request.to());
        body.add(request.text());
        body.add(request.purpose());
        body.add(request.from());
        body.add(request.clientReference());
        body.add(request.sendAt());
        body.add(request.validity());
        body.add(request.maxParts() == null ? null : request.maxParts().toString());
        body.add(request.encoding());
        body.add(request.transliterate());
        body.add(request.maxPriceAmount());
        body.add(request.maxPriceCurrency());
        body.add(request.privacyText());
        if (request.recipientRegion() != null) {
            // Came later: what was said before it came has the same octets as then
            body.add(request.recipientRegion());
        }
        return body.octets.toByteArray();
    }

    /** With its length in front, so that no two fields can flow into each other. */
    private void add(@Nullable String value) {
        if (value == null) {
            octets.write(0);
            return;
        }
        byte[] bytes = value.getBytes(UTF_8);
        octets.write(1);
        for (int shift = 24; shift >= 0; shift -= 8) {
            octets.write(bytes.length >>> shift);
        }
        octets.writeBytes(bytes);
    }
}
