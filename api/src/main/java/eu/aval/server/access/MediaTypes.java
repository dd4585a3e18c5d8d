// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access;

import java.util.Arrays;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/** What headers of a request say of bodies. A header that cannot be read says nothing, and is no fault of the server. */
public final class MediaTypes {

    private MediaTypes() {}

    /** Whether the body is said to be of this type: a range such as {@code application/*} says nothing. */
    public static boolean isSent(HttpHeaders headers, MediaType type) {
        try {
            return type.equalsTypeAndSubtype(headers.getContentType());
        } catch (InvalidMediaTypeException malformed) {
            return false;
        }
    }

    /** Whether the body is said to be compressed, or otherwise encoded. */
    public static boolean isCompressed(HttpHeaders headers) {
        for (String coding : headers.getOrEmpty(HttpHeaders.CONTENT_ENCODING)) {
            if (!coding.isBlank() && !coding.strip().equalsIgnoreCase("identity")) {
                return true;
            }
        }
        return false;
    }

    /** Whether an answer of one of these types is taken; without {@code Accept} any is. */
    public static boolean isAccepted(HttpHeaders headers, MediaType... answers) {
        var value = headers.getFirst(HttpHeaders.ACCEPT);
        if (value == null || value.isBlank()) {
            return true;
        }
        try {
            return headers.getAccept().stream()
                    .filter(range -> range.getQualityValue() > 0)
                    .anyMatch(range -> Arrays.stream(answers).anyMatch(range::isCompatibleWith));
        } catch (InvalidMediaTypeException malformed) {
            return false;
        }
    }
}
