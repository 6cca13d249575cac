import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.cjk.CJKAnalyzer;
import org.apache.lucene.analysis.cn.smart.SmartChineseAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.QueryBuilder;
import org.apache.lucene.util.Version;

/**
 * Lucene with one of its own analyzers for Chinese and BM25, as a peer: see benches/src/peers/protocol.rs.
 *
 * usage: LucenePeer smartcn|cjk TEXTS_FILE INDEX_DIR
 */
public class LucenePeer {
    private static final int RESULTS = 10;
    private static final int THREADS = 2;
    /** As the other writers have. */
    private static final double WRITER_MIB = 192;

    public static void main(String[] args) throws Exception {
        Analyzer analyzer = args[0].equals("smartcn") ? new SmartChineseAnalyzer() : new CJKAnalyzer();
        List<String> texts = new ArrayList<>();
        try (BufferedReader lines = Files.newBufferedReader(Path.of(args[1]))) {
            for (String line; (line = lines.readLine()) != null; ) {
                texts.add(line.replace("\\n", "\n").replace("\\\\", "\\"));
            }
        }
        long held = statusKib("VmRSS");
        Path place = Path.of(args[2]);
        long started = System.nanoTime();
        index(analyzer, texts, place);
        double seconds = (System.nanoTime() - started) / 1e9;
        long bytes = 0;
        try (var files = Files.list(place)) {
            bytes = files.mapToLong(file -> file.toFile().length()).sum();
        }
        System.out.println(String.format(
                "{\"version\":\"%s\",\"seconds\":%f,\"bytes\":%d,\"held_kib\":%d,\"peak_kib\":%d}",
                Version.LATEST, seconds, bytes, held, statusKib("VmHWM")));
        answer(analyzer, place);
    }

    private static void index(Analyzer analyzer, List<String> texts, Path place) throws Exception {
        IndexWriterConfig config = new IndexWriterConfig(analyzer).setRAMBufferSizeMB(WRITER_MIB);
        try (FSDirectory directory = FSDirectory.open(place); IndexWriter writer = new IndexWriter(directory, config)) {
            AtomicInteger next = new AtomicInteger();
            AtomicInteger failed = new AtomicInteger();
            List<Thread> threads = new ArrayList<>();
            for (int t = 0; t < THREADS; t++) {
                Thread thread = new Thread(() -> {
                    try {
                        for (int at; (at = next.getAndIncrement()) < texts.size(); ) {
                            Document document = new Document();
                            document.add(new StoredField("id", at));
                            document.add(new TextField("body", texts.get(at), Field.Store.NO));
                            writer.addDocument(document);
                        }
                    } catch (Exception error) {
                        failed.incrementAndGet();
                        error.printStackTrace();
                    }
                });
                thread.start();
                threads.add(thread);
            }
            for (Thread thread : threads) {
                thread.join();
            }
            if (failed.get() > 0) {
                System.exit(1);
            }
            writer.commit();
        }
    }

    private static void answer(Analyzer analyzer, Path place) throws Exception {
        QueryBuilder builder = new QueryBuilder(analyzer);
        // Adjacent bigrams are one question, not one phrase.
        builder.setAutoGenerateMultiTermSynonymsPhraseQuery(false);
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (FSDirectory directory = FSDirectory.open(place); DirectoryReader reader = DirectoryReader.open(directory)) {
            IndexSearcher searcher = new IndexSearcher(reader);
            for (String line; (line = input.readLine()) != null; ) {
                long started = System.nanoTime();
                Query query = builder.createBooleanQuery("body", line, BooleanClause.Occur.SHOULD);
                List<String> found = new ArrayList<>();
                if (query != null) {
                    for (ScoreDoc hit : searcher.search(query, RESULTS).scoreDocs) {
                        found.add(searcher.storedFields().document(hit.doc).get("id"));
                    }
                }
                double seconds = (System.nanoTime() - started) / 1e9;
                System.out.println("{\"found\":[" + String.join(",", found) + "],\"seconds\":" + seconds + "}");
            }
        }
    }

    private static long statusKib(String field) throws Exception {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith(field)) {
                return Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        return 0;
    }
}
