/** Entry of the main process: puts the rooms together and opens the window; decides nothing else. */
import { readFile, writeFile } from 'node:fs/promises';
import { app, nativeImage, nativeTheme, type BrowserWindow } from 'electron';
import { portMessage } from '../preload/contract/names.js';
import { AppError, type ErrorData } from '../preload/contract/errors.js';
import { isIncognito } from '../preload/contract/incognito.js';
import { spoken } from '../preload/contract/language.js';
import { readRemotePath } from '../preload/contract/remote-path.js';
import type { UndoState } from '../preload/contract/undo.js';
import updateSource from '../resources/signing/updates.json' with { type: 'json' };
import { showDownloads } from './app/download-progress.js';
import { Leaving } from './app/leaving.js';
import { askToLeave } from './app/leaving-question.js';
import { addContextMenu, setApplicationMenu, withoutDefaultMenu } from './app/menu.js';
import { filesAmong, OpenFiles } from './app/open-files.js';
import { bundlePaths, engineEntry, homeFolder, homePaths } from './app/paths.js';
import { registerScheme, servePage } from './app/protocol.js';
import { logCrashes, revivePage } from './app/crashes.js';
import { speakAsChosen } from './app/speech.js';
import { lockDown } from './app/security.js';
import { homeProblem, refuseToStart } from './app/home-folder.js';
import { smokeTest } from './app/smoke-test.js';
import { onSystemEnd, onWake } from './app/system-events.js';
import { Updates } from './app/updates.js';
import { createWindow } from './app/window.js';
import { stayAwake } from './app/awake.js';
import { Arena } from './arena/arena.js';
import { Batches } from './arena/batches.js';
import { ArenaEngines } from './arena/engines.js';
import { arenaServer } from './arena/server.js';
import { AttachmentCosts } from './attachments/cost.js';
import { DraftAttachments } from './attachments/drafts.js';
import { makeReader } from './attachments/reading.js';
import { Characters } from './characters/characters.js';
import { makeInForce } from './chat/in-force.js';
import { Planner } from './chat/planner.js';
import { Titles } from './chat/titles.js';
import { TurnQueue } from './chat/queue.js';
import { Runs } from './chat/runs.js';
import { Backups } from './db/backups.js';
import { startDatabase } from './db/client.js';
import { drillProcess } from './db/drill-process.js';
import { Histories } from './db/histories.js';
import { Incognito } from './db/incognito.js';
import { removeOldTrash } from './db/old-trash.js';
import { maintenanceThread } from './db/maintenance.js';
import { memoryPath } from './db/protocol.js';
import { EngineHost } from './engine/host.js';
import { availableMemoryBytes } from './engine/memory.js';
import { listTemplates } from './engine/templates/choose.js';
import { BackupFiles } from './exchange/backup/backup-files.js';
import { backupThread } from './exchange/backup/thread.js';
import { Imports } from './exchange/import/imports.js';
import { Exports } from './exchange/export/exports.js';
import { printPage } from './exchange/export/printing.js';
import { makeHandlers } from './ipc/handlers.js';
import { makeBroadcast, registerHandlers } from './ipc/router.js';
import { Log } from './log/log.js';
import { machineFacts, programVersions } from './log/machine.js';
import { reportText } from './log/report.js';
import { DownloadQueue } from './models/download/queue.js';
import { downloadThread } from './models/download/thread.js';
import { startForgeProcess } from './models/forge/process.js';
import { Forge } from './models/forge/queue.js';
import { IdleTimer } from './models/idle.js';
import { Fits } from './models/fit/fits.js';
import { HubAccount } from './models/hub/account.js';
import { Hub } from './models/hub/hub.js';
import { inspectModel } from './models/inspect.js';
import { Catalogue } from './models/catalogue/catalogue.js';
import { ModelLibrary } from './models/library.js';
import { ModelLoader, type LoaderOptions } from './models/loader.js';
import { makeHasher } from './models/local/hashing.js';
import { Verifier } from './models/local/verifier.js';
import { FolderWatcher } from './models/local/watcher.js';
import { makeGate } from './net/gate.js';
import { Http } from './net/http.js';
import { Ledger } from './net/ledger.js';
import { systemKeychain } from './net/system-keychain.js';
import { systemProxy } from './net/system-proxy.js';
import { Search } from './search/search.js';
import { Notes } from './notes/notes.js';
import { Presets } from './presets/presets.js';
import { Connections } from './remote/connections.js';
import { joinEngines } from './remote/engines.js';
import { ConnectionKeys } from './remote/keys.js';
import { RemoteEngine } from './remote/remote-engine.js';
import { PromptSets } from './prompt-sets/prompt-sets.js';
import { Workshop } from './workshop/workshop.js';
import { appBackend } from './server/app-backend.js';
import { ListeningApi } from './server/listening.js';
import { openSettings } from './settings/store.js';
import { portableSettings, settingsFromElsewhere } from './settings/portable.js';

/** The app tries itself out and ends: for packages. */
const isSmokeTest = process.argv.includes('--smoke-test');
/** It says when it can be used, and ends: for the bench of the start. */
const isStartTest = process.argv.includes('--start-test');
const isMac = process.platform === 'darwin';
const home = homeFolder();
const problem = homeProblem(home);
if (problem === null) app.setPath('userData', home);

if (problem !== null) void refuseToStart(home, problem);
else if (app.requestSingleInstanceLock()) start();
else {
  console.error('Altiplano is already running with this data folder; its window comes to the front.');
  app.exit(0);
}

function start(): void {
  registerScheme();
  const paths = homePaths(home);
  const databaseThread = (path: string, onUndoChanged: (state: UndoState) => void) =>
    startDatabase(bundlePaths.database, { path, snapshots: paths.backups }, onUndoChanged);
  const histories = new Histories((state) => broadcast('undo.changed', state));
  const incognito = new Incognito((onUndoChanged) => databaseThread(memoryPath, onUndoChanged), histories);
  const db = incognito.join(databaseThread(paths.database, (state) => histories.changed('kept', state)));
  const search = new Search({
    entry: bundlePaths.search,
    path: paths.database,
    onDamage: () => db.startSearchIndexAgain(),
  });
  const settings = openSettings(home);
  const log = new Log(paths.logs);
  let window: BrowserWindow | null = null;
  const broadcast = makeBroadcast(() => window);
  /** What happened while no page was there. */
  const untold: ErrorData[] = [];
  const tell = (problem: ErrorData) => {
    untold.push(problem);
    if (isInteractive) tellAll();
  };
  logCrashes(log, tell);

  const tellAll = () => untold.splice(0).forEach((problem) => broadcast('notice', problem));

  const localEngine = new EngineHost(engineEntry(), paths.states, {
    loadProgress: (progress) => loader.progressed(progress),
    used: () => idle.used(),
    notice: (error) => broadcast('notice', error),
    run: (report) => void runs.report(report),
    died: (error) => {
      // Nothing of it is in use while a server writes.
      if (remoteEngine.isLoaded) return;
      loader.engineDied(error);
      void runs.engineDied(error);
    },
    started: () => {
      handPort();
      // An engine that dies before it answers is started again, and told again.
      limitStates().catch(() => undefined);
    },
  });
  const ledger = new Ledger({ db, onChange: () => broadcast('network.changed', null) });
  const gate = makeGate(
    () => settings.get().offline,
    systemProxy,
    (request) => ledger.note(request),
  );
  const http = new Http(gate);
  const updates = new Updates({
    ...{ source: updateSource, http, settings },
    version: app.getVersion(),
    platform: process.platform,
    onChange: (state) => broadcast('updates.changed', state),
    onFound: (release) => broadcast('updates.found', release),
  });
  const connections: Connections = new Connections({
    ...{ db, http },
    keys: new ConnectionKeys({ keychain: systemKeychain, file: paths.connectionKeys }),
    ownAddress: () => api.state.address,
    onChange: (list) => broadcast('connections.changed', list),
  });
  const remoteEngine = new RemoteEngine({
    connections,
    run: (report) => void runs.report(report),
    frame: (frame) => broadcast('runs.frame', frame),
    used: () => idle.used(),
  });
  const engine = joinEngines(localEngine, remoteEngine);
  const hash = makeHasher(bundlePaths.hashing);
  const watcher = new FolderWatcher(() => void lookAgain());
  const library = new ModelLibrary({
    folder: paths.models,
    starterPath: process.env['ALTIPLANO_STARTER_MODEL'],
    known: db,
    identify: (path) => hash({ path, kind: 'identity' }),
    onLook: (folders) => watcher.watch(folders),
  });
  const lookAgain = async () => {
    // Without a database there is no list; the page shows the reason.
    const view = await library.view().catch(() => null);
    if (view !== null) broadcast('models.library', view);
  };
  const verifier = new Verifier({
    known: db,
    hash,
    onProgress: (path, progress) => broadcast('models.verifying', { path, progress }),
  });
  const workshop = new Workshop({ db, onChange: (list) => broadcast('workshop.changed', list) });
  const nameOf = async (path: string): Promise<string> => {
    const remote = readRemotePath(path);
    return remote === null ? library.nameOf(path) : connections.nameOf(remote);
  };
  const learnFit: LoaderOptions['onLoaded'] = ({ shape, sizeBytes }, used, loaded) =>
    fits.learn({ shape, weightsBytes: sizeBytes }, used, loaded);
  const loader = new ModelLoader({
    engine,
    settings,
    inspect: inspectModel,
    firstChoice: () => library.firstChoice(),
    chosenTemplate: (path) => workshop.chosenTemplate(settings.get().templates[path] ?? null),
    nameOf,
    makeRoom: (path) => arenaEngines.giveWay(path),
    onStatus: (status) => {
      broadcast('models.status', status);
      if (status.state === 'ready' && status.remote === undefined)
        void library.used(status.path).then(lookAgain, () => undefined);
    },
    onLoaded: learnFit,
  });
  const fits = new Fits({ settings, status: () => loader.status });
  const hubAccount = new HubAccount({
    settings,
    keychain: systemKeychain,
    tokenFile: paths.hubToken,
    environment: process.env,
  });
  const hub = new Hub(http, hubAccount);
  const downloads: DownloadQueue = new DownloadQueue({
    folder: paths.models,
    db,
    transfers: downloadThread(bundlePaths.downloads, gate, {
      message: (message) => downloads.heard(message),
      died: (error) => downloads.threadDied(error),
    }),
    settings: settings.get,
    credential: () => hubAccount.credential(),
    onChange: (list) => {
      broadcast('downloads.changed', list);
      showDownloads(window, list);
    },
  });
  const catalogue = new Catalogue({ db, library, fits, endpoint: () => hubAccount.endpoint() });
  const forge = new Forge({
    folder: paths.models,
    startProcess: (events) => startForgeProcess(bundlePaths.forge, events),
    onChange: (jobs) => broadcast('forge.changed', jobs),
    onDone: async (task, { path }) => {
      await db.saveModelRecord({ path, origin: task.path });
      // The name of the file may say another family than the one that was chosen.
      if (task.kind === 'import-ggml' && task.template !== null) {
        settings.set({ templates: { ...settings.get().templates, [path]: task.template } });
      }
    },
  });
  const attachments = new DraftAttachments({
    db,
    read: makeReader(bundlePaths.attaching),
    onProgress: (id, progress) => broadcast('attachments.reading', { id, progress }),
  });
  const attachmentCosts = new AttachmentCosts({ engine, loader });
  const presets = new Presets({ db, onChange: (list) => broadcast('presets.changed', list) });
  const promptSets = new PromptSets({ db, onChange: (list) => broadcast('promptSets.changed', list) });
  const characters = new Characters({
    db,
    onCharacters: (list) => broadcast('characters.changed', list),
    onPersonas: (list) => broadcast('personas.changed', list),
    toPng: (jpeg) => {
      const image = nativeImage.createFromBuffer(Buffer.from(jpeg));
      return image.isEmpty() ? null : image.toPNG();
    },
  });
  const openFiles = new OpenFiles({
    chats: (opened) => broadcast('imports.asked', { paths: opened }),
    models: (opened) => broadcast('models.asked', { paths: opened }),
    // One at a time can be restored.
    backups: ([path]) => path !== undefined && broadcast('backupFiles.asked', { path }),
  });
  const imports = new Imports({
    entry: bundlePaths.importing,
    db,
    onProgress: (progress) => broadcast('imports.progress', progress),
  });
  const exports = new Exports({
    entry: bundlePaths.exporting,
    database: paths.database,
    db,
    app: app.getVersion(),
    print: printPage,
    onProgress: (id, done, total) => broadcast('exports.progress', { id, done, total }),
  });
  const inForce = makeInForce(presets, settings.get);
  const planner = new Planner({ db, engine, loader, inForce });
  const turns = new TurnQueue((before) => {
    broadcast('runs.waiting', before);
    if (Object.keys(before).length > 0) titles.giveWay();
    if (turns.isWanted) batches.giveWay();
  });
  const runs = new Runs({
    db,
    engine,
    loader,
    planner,
    attachments,
    turns,
    onReply: (chatId) => titles.replied(chatId),
    inForce,
    isGuarded: () => settings.get().guardReplies,
    broadcast,
  });
  const arenaEngines: ArenaEngines = new ArenaEngines({
    start: (events, path) =>
      readRemotePath(path) === null
        ? new EngineHost(engineEntry(), paths.arenaStates, events)
        : arenaServer(connections, events),
    settings,
    inspect: inspectModel,
    nameOf,
    onLoaded: learnFit,
    chosenTemplate: (path, template) =>
      workshop.chosenTemplate(template ?? settings.get().templates[path] ?? null),
    fit: async (path) => {
      const { shape, sizeBytes } = await inspectModel(path);
      return fits.of({ shape, weightsBytes: sizeBytes });
    },
    availableBytes: availableMemoryBytes,
    hasGpu: () => settings.get().vramBytes !== null,
    chatModel: {
      isLoaded: () => loader.status.state === 'ready' && loader.status.remote === undefined,
      settled: () => loader.settled(),
      rest: () => loader.rest(null),
    },
    onUsed: () => idle.used(),
  });
  const arena = new Arena({
    ...{ db, turns, inForce, broadcast },
    engines: arenaEngines,
    isGuarded: () => settings.get().guardReplies,
    nameOf,
    presetName: async (id) => (await presets.find(id)).name,
    templateName: async (id) =>
      listTemplates().find((family) => family.id === id)?.label ?? (await workshop.find(id)).name,
    requireIdle: (chatId) => runs.requireIdle(chatId),
  });
  const batches = new Batches({
    ...{ db, arena, engines: arenaEngines, promptSets, turns, inForce, stayAwake },
    nameOf,
    isGuarded: () => settings.get().guardReplies,
    onChange: (list) => broadcast('batches.changed', list),
    onProblem: (error) => broadcast('notice', error),
  });
  const notes = new Notes({
    ...{ db, runs, loader, engine, inForce },
    onProblem: (error) => broadcast('notice', error),
  });
  const titles = new Titles({ db, runs, loader, settings: settings.get, inForce, broadcast });
  const writers = [runs, arena, batches];
  const isWriting = () => writers.some(({ busy }) => busy);
  const stopWriters = () => writers.map((writer) => writer.stopAll());
  const maintenance = maintenanceThread(bundlePaths.maintenance);
  const backups = new Backups({
    db,
    database: paths.database,
    folder: paths.backups,
    maintenance,
    isBusy: isWriting,
    // Searches and exports hold the file open too.
    stopWriting: () => Promise.all([...stopWriters(), search.close(), exports.close()]).then(() => undefined),
    tell: (problem) => broadcast('notice', problem),
    settings: {
      keep: (path) => writeFile(path, JSON.stringify(portableSettings(settings.get()))),
      take: async (path) => {
        const kept = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
        settings.set(settingsFromElsewhere(kept, (model) => model));
      },
    },
  });
  const backupFiles = new BackupFiles({
    ...{ database: paths.database, app: app.getVersion(), settings, db, library, catalogue, backups },
    thread: backupThread(bundlePaths.backup),
    onProgress: (done, total) => broadcast('backupFiles.progress', { done, total }),
  });
  const idle = new IdleTimer({
    minutes: () => settings.get().idleUnloadMinutes,
    isBusy: isWriting,
    onIdle: (minutes) => {
      void arenaEngines.close();
      // An engine that died has nothing loaded either.
      loader.rest(minutes).catch(() => undefined);
    },
  });

  const api = new ListeningApi({
    backend: appBackend({ runs, turns, engine, loader, inForce }),
    settings,
    onChange: (state) => broadcast('api.changed', state),
    onDone: (entry) => broadcast('api.done', entry),
  });
  const leaving = new Leaving({
    // The incognito chat asks for itself: nothing of it is kept.
    replies: () => runs.list().filter(({ chatId }) => !isIncognito(chatId)).length,
    written: () => runs.written(),
    ask: (replies) => askToLeave(window, replies),
    onWaiting: (isWaiting) => broadcast('app.leaving', isWaiting),
    quit: () => app.quit(),
  });

  const limitStates = () => engine.limitStates(settings.get().promptCacheGigabytes * 1e9);
  const handPort = () => window?.webContents.postMessage(portMessage, null, [localEngine.openPort()]);

  const report = () =>
    reportText({
      versions: programVersions(),
      machine: machineFacts(),
      status: loader.status,
      settings: settings.get(),
      problems: log.last(100),
    });

  const currentWindow = (): BrowserWindow => {
    if (window === null) throw new Error('The window is closed.');
    return window;
  };
  const addMenu = () =>
    setApplicationMenu(
      (which) => broadcast('undo.chosen', which),
      () => broadcast('imports.asked', { paths: [] }),
      () => broadcast('exports.asked', null),
    );
  const openWindow = () => {
    window = createWindow(settings.windowBounds(), settings.setWindowBounds);
    addContextMenu(window);
    revivePage(window, () => (isInteractive = false), tell);
    // What a watch can't see, as on network disks. Not at the start: the page asks by itself once it can be used.
    window.on('focus', () => isInteractive && void lookAgain());
    // On macOS the app goes on without a window.
    window.on('close', (event) => !isMac && !leaving.allow() && event.preventDefault());
    window.webContents.on('will-prevent-unload', () => leaving.stay());
    window.on('closed', () => (window = null));
  };

  /** Whether there is a page that listens, and whether there ever was one. */
  let [isInteractive, hasStarted] = [false, false];
  // The engine waits until the page can be used: two busy processes would delay that.
  const onInteractive = () => {
    const isFirst = !hasStarted;
    isInteractive = hasStarted = true;
    if (isStartTest) {
      console.log(JSON.stringify({ interactive: true }));
      app.quit();
      return;
    }
    localEngine.start();
    handPort();
    if (isFirst) {
      openFiles.start();
      void forge.tidy();
      void backupFiles.tidy();
      if (settings.get().apiOn) void api.start();
      void updates.start();
      // Without the database the page says why.
      backups.start().catch(() => undefined);
      removeOldTrash(db).catch(() => undefined);
      // What was under way goes on once what a crash left is settled.
      arena.open().then(
        () => batches.open(),
        () => undefined,
      );
    }
    // Another database may have taken the place of the one before.
    else batches.open();
    if (settings.problem !== null) broadcast('notice', settings.problem.toData());
    tellAll();
    if (leaving.isWaiting) broadcast('app.leaving', true);
    // Without the database there is no list; the page says why.
    db.endOpenOutgoingRequests().catch(() => undefined);
    downloads.open().catch(() => undefined);
    loader.start().catch((thrown: unknown) => {
      if (AppError.from(thrown).code === 'unexpected') log.problem('models', thrown);
    });
    if (isSmokeTest) void trySelf();
  };
  const trySelf = async () => {
    try {
      console.log(JSON.stringify(await smokeTest({ loader, runs, db })));
      app.quit();
    } catch (thrown) {
      console.error('[smoke test]', thrown);
      app.exit(1);
    }
  };

  const showWindow = () => {
    if (window === null) return openWindow();
    if (window.isMinimized()) window.restore();
    window.focus();
  };
  app.on('second-instance', (_event, args, folder) => {
    showWindow();
    openFiles.open(filesAmong(args.slice(1), folder));
  });
  // How macOS opens them; before the app is ready, too.
  app.on('open-file', (event, path) => {
    event.preventDefault();
    openFiles.open([path]);
  });
  openFiles.open(filesAmong(process.argv.slice(1), process.cwd()));
  app.on('window-all-closed', () => !isMac && app.quit());
  app.on('before-quit', (event) => !leaving.allow() && event.preventDefault());
  let closed = false;
  app.on('will-quit', (event) => {
    if (closed) return;
    event.preventDefault();
    watcher.close();
    backups.close();
    void Promise.all([
      ...[...stopWriters(), downloads.close(), forge.stop()],
      ...[api.close(), exports.close(), backupFiles.close()],
    ])
      .then(() => Promise.all([localEngine.stop(), arenaEngines.close()]))
      .then(() => search.close())
      .then(() => db.close())
      .finally(() => {
        closed = true;
        app.quit();
      });
  });

  withoutDefaultMenu();
  void app.whenReady().then(async () => {
    await speakAsChosen(settings.get().language);
    nativeTheme.themeSource = settings.get().theme;
    // The system asks nobody, and waits a few seconds at most.
    onSystemEnd(() => leaving.leave());
    onWake(() => {
      http.woke();
      downloads.woke();
    });
    lockDown();
    servePage(bundlePaths.page, (hash) => db.findPicture(hash), spoken);
    // The page starts in processes of its own, while the rest is made ready here.
    openWindow();
    registerHandlers(
      makeHandlers({
        home,
        logs: paths.logs,
        drill: {
          ...{ database: paths.database, folder: paths.drill, maintenance },
          startWriter: drillProcess(bundlePaths.drill),
        },
        report,
        speak: async (chosen) => {
          await speakAsChosen(chosen);
          localEngine.speak(spoken());
          addMenu();
        },
        window: currentWindow,
        api,
        http,
        ledger,
        updates,
        db,
        backups,
        backupFiles,
        search,
        settings,
        engine,
        connections,
        library,
        catalogue,
        loader,
        fits,
        hub,
        hubAccount,
        verifier,
        forge,
        attachments,
        attachmentCosts,
        planner,
        runs,
        notes,
        arena,
        arenaEngines,
        incognito,
        turns,
        presets,
        promptSets,
        batches,
        exports,
        workshop,
        imports,
        characters,
        inForce,
        idle,
        limitStates,
        leaving,
        downloads,
        broadcast,
        onInteractive,
      }),
      log.problem,
    );
    addMenu();
    app.on('activate', showWindow);
  });
}
