export { type BackgroundBrowser, launchBackgroundBrowser } from './background_browser.ts';
export { AUTOPLAY, launchChromium } from './chromium.ts';
export { launchFirefox } from './firefox.ts';
export { freePort } from './free_port.ts';
export { joinToken, type LivekitServer, startLivekitServer } from './livekit_server.ts';
export {
  missingForRoom,
  needsChromium,
  needsFirefox,
  needsRoom,
  needsWebkit,
} from './needs_room.ts';
export {
  BadNetwork,
  type LinkCounts,
  type NetworkCounts,
  type Side,
  startBadNetwork,
} from './network/bad_network.ts';
export { BadStream } from './network/bad_stream.ts';
export {
  type Bandwidth,
  type Jitter,
  type LinkConditions,
  NARROW,
  NETWORKS,
  type NetworkName,
  OUTAGE_MS,
} from './network/conditions.ts';
export { networkSeed } from './network/network_seed.ts';
export {
  bundleScript,
  openPageSite,
  type PageEntries,
  type PageSite,
  servePage,
  TESTBED_PAGE,
} from './page_site.ts';
export { openRoomPage, RoomPage } from './room_page.ts';
export { silentMicrophone } from './silent_microphone.ts';
export { type DeviceRecording, MonitorRecorder } from './sound/monitor_recorder.ts';
export { type SoundSink, startSoundSink } from './sound/sound_sink.ts';
export {
  type BrowserKind,
  browserKind,
  launchTestChromium,
  type TestBrowser,
  type TestPage,
} from './test_browser.ts';
export { launchWebkit, type WebkitBrowser } from './webkit.ts';
