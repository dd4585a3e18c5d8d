// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.policy;

import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.AnchorNode;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * One place in a YAML document and what is expected there. Every scalar is text until it is asked for as something else:
 * YAML itself would read 21:30 as a number of minutes and NO, which is Norway, as false.
 */
final class YamlMember {

    private static final int MAXIMUM_CHARACTERS = 1 << 18;

    private final String file;
    private final String path;
    private final Node node;

    private YamlMember(String file, String path, Node node) {
        this.file = file;
        this.path = path;
        this.node = node;
    }

    static YamlMember read(String file, byte[] content) {
        try {
            var options = new LoaderOptions();
            options.setCodePointLimit(MAXIMUM_CHARACTERS);
            options.setMaxAliasesForCollections(0);
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
            Node node = new Yaml(new SafeConstructor(options)).compose(new StringReader(text));
            if (node == null) {
                throw new RulePackRefused(file, "", "is empty");
            }
            return new YamlMember(file, "", node);
        } catch (CharacterCodingException e) {
            throw new RulePackRefused(file, "", "is not UTF-8");
        } catch (YAMLException e) {
            throw new RulePackRefused(file, "", "is not readable YAML: " + e.getMessage());
        }
    }

    RulePackRefused wrong(String what) {
        return new RulePackRefused(
                file,
                path,
                what
                        + (node.getStartMark() == null
                                ? ""
                                : " (line " + (node.getStartMark().getLine() + 1) + ")"));
    }

    void onlyHas(String... names) {
        List<String> known = Arrays.asList(names);
        for (String name : names()) {
            if (!known.contains(name)) {
                throw wrong("has a member " + name + ", which is not known");
            }
        }
    }

    Set<String> names() {
        return members().keySet();
    }

    YamlMember get(String name) {
        YamlMember found = find(name);
        if (found == null) {
            throw wrong("has no member " + name);
        }
        return found;
    }

    @Nullable
    YamlMember find(String name) {
        Node found = members().get(name);
        return found == null ? null : new YamlMember(file, path.isEmpty() ? name : path + "." + name, found);
    }

    private Map<String, Node> members() {
        if (!(node instanceof MappingNode mapping)) {
            throw wrong("is not a mapping");
        }
        Map<String, Node> members = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                throw wrong("has a name that is not text");
            }
            if (members.put(key.getValue(), plain(tuple.getValueNode())) != null) {
                throw wrong("has the member " + key.getValue() + " twice");
            }
        }
        return members;
    }

    private static Node plain(Node node) {
        return node instanceof AnchorNode anchor ? anchor.getRealNode() : node;
    }

    List<YamlMember> items() {
        if (!(node instanceof SequenceNode sequence)) {
            throw wrong("is not a list");
        }
        List<YamlMember> items = new ArrayList<>();
        for (Node item : sequence.getValue()) {
            items.add(new YamlMember(file, path + "[" + items.size() + "]", plain(item)));
        }
        return items;
    }

    String text() {
        String text = blankOrText();
        if (text.isBlank()) {
            throw wrong("is empty");
        }
        return text;
    }

    String blankOrText() {
        if (!(node instanceof ScalarNode scalar)) {
            throw wrong("is not text");
        }
        return scalar.getValue();
    }

    String text(Pattern form) {
        String text = text();
        if (!form.matcher(text).matches()) {
            throw wrong("is not of the form " + form);
        }
        return text;
    }

    Pattern pattern() {
        try {
            return Pattern.compile(text());
        } catch (PatternSyntaxException e) {
            throw wrong("is no regular expression");
        }
    }

    LocalDate date() {
        try {
            return LocalDate.parse(text());
        } catch (DateTimeException e) {
            throw wrong("is no date of the form 2026-12-31");
        }
    }

    int number(int least, int most) {
        try {
            int number = Integer.parseInt(text());
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below
        }
        throw wrong("is no number from " + least + " to " + most);
    }

    boolean flag() {
        return switch (text()) {
            case "true" -> true;
            case "false" -> false;
            default -> throw wrong("is neither true nor false");
        };
    }

    <E extends Enum<E>> E one(Class<E> type) {
        for (E value : type.getEnumConstants()) {
            if (value.name().equals(text())) {
                return value;
            }
        }
        throw wrong("is none of " + Arrays.toString(type.getEnumConstants()));
    }

    /** Each once, at least one. */
    <E extends Enum<E>> Set<E> oneOrMore(Class<E> type) {
        Set<E> values = EnumSet.noneOf(type);
        for (YamlMember item : items()) {
            if (!values.add(item.one(type))) {
                throw item.wrong("is named twice");
            }
        }
        if (values.isEmpty()) {
            throw wrong("is empty");
        }
        return values;
    }
}
