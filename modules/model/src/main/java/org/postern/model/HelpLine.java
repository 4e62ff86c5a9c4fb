package org.postern.model;

/** The sentence that ends a refusal and tells a person where help is; may be empty. One line of printable ASCII. */
public record HelpLine(String text) {
    public static final int MAX_LENGTH = 200;
    public static final HelpLine NONE = new HelpLine("");

    public HelpLine {
        if (text.length() > MAX_LENGTH || !text.chars().allMatch(c -> c >= ' ' && c < 0x7F)) {
            throw new IllegalArgumentException(
                    "a help line is one line of at most " + MAX_LENGTH + " ASCII characters");
        }
    }

    /** The sentence with this line behind it. */
    public String after(String sentence) {
        return text.isEmpty() ? sentence : sentence + ' ' + text;
    }
}
