// Runs C# snippets: each namespace's SecretReader, told as one line.
using System;
using System.Text;

public static class Driver
{
    public static void Show(string name, Func<string> read)
    {
        string how = "ok", text;
        try
        {
            text = read();
        }
        catch (Exception error)
        {
            how = "error";
            text = error.ToString();
        }
        Console.WriteLine(name + " " + how + " " + Convert.ToBase64String(Encoding.UTF8.GetBytes(text)));
    }
}
