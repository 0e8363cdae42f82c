// Runs Java snippets: each package's SecretReader.readSecret(), told as one line.
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

public final class Run {
    public static void main(String[] names) throws ReflectiveOperationException {
        for (String name : names) {
            String how = "ok";
            String text;
            try {
                text = (String) Class.forName(name + ".SecretReader").getMethod("readSecret").invoke(null);
            } catch (InvocationTargetException error) {
                how = "error";
                StringWriter trace = new StringWriter();
                error.getCause().printStackTrace(new PrintWriter(trace));
                text = trace.toString();
            }
            System.out.println(name + " " + how + " "
                    + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)));
        }
    }
}
